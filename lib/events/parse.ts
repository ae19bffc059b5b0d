import * as v from "valibot";
import { type EventAttributes, envelope } from "./envelope.ts";
import { eventTypes, type OnboardingEvent, typedData } from "./event.ts";
import { describeIssue, type Problem } from "./problem.ts";

/** Why something is no onboarding event. */
export type ProblemReason = "not-json" | "not-a-cloudevent" | "unknown-type" | "invalid-data";

export type ParsedEvent =
  | { readonly ok: true; readonly event: OnboardingEvent }
  | { readonly ok: false; readonly reason: ProblemReason; readonly problems: readonly Problem[] };

/**
 * Parses the body of a queue message: JSON text that holds one CloudEvent.
 *
 * @returns as `parseEvent`. It never throws.
 */
export function parseEventBody(body: string): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return failed("not-json", [{ path: "", message: "must be JSON" }]);
  }
  return parseEvent(value);
}

/**
 * Parses one CloudEvent that is already JSON.
 *
 * @returns the event, or the reason and the problems found: one for each field, and of unknown fields
 * the first. It never throws.
 */
export function parseEvent(value: unknown): ParsedEvent {
  const parsed = v.safeParse(envelope, value, ONE_PROBLEM_PER_FIELD);
  if (!parsed.success) return failed("not-a-cloudevent", parsed.issues.map(describeIssue));
  const { id, source, time, traceparent, type, data } = parsed.output;
  if (!eventTypes.some((known) => known === type)) {
    const message = `must be one of ${eventTypes.join(", ")}`;
    return failed("unknown-type", [{ path: "type", message }]);
  }
  const attributes = {
    id,
    source,
    ...(typeof time === "string" ? { time } : {}),
    ...(typeof traceparent === "string" ? { traceparent } : {}),
  };
  return parseData(attributes, { type, data });
}

/**
 * Parses what an event asks for, where its context attributes are known to be good.
 *
 * @returns as `parseEvent`. It never throws.
 */
export function parseData(attributes: EventAttributes, asked: unknown): ParsedEvent {
  const typed = v.safeParse(typedData, asked, ONE_PROBLEM_PER_FIELD);
  if (!typed.success) return failed("invalid-data", typed.issues.map(describeIssue));
  return { ok: true, event: { ...attributes, ...typed.output } };
}

// The later checks of a field rely on the earlier ones: a pattern runs on text of bounded length.
const ONE_PROBLEM_PER_FIELD = { abortPipeEarly: true } as const;

const failed = (reason: ProblemReason, problems: readonly Problem[]): ParsedEvent => ({
  ok: false,
  reason,
  problems,
});

import { createHash } from "node:crypto";
import { subjectOf } from "../events/subject.ts";
import type { MessageReport } from "./batch.ts";

/** A CloudEvent that says how an event ended. No address, link or token is in it. */
export type OutcomeEvent = {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: "/logto-onboarding";
  readonly type: "onboarding.outcome.done" | "onboarding.outcome.rejected";
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** The id of the event that ended, and its source; of a body that is no event the message id. */
  readonly causationid: string;
  readonly causationsource?: string;
  readonly traceparent?: string;
  readonly data: Readonly<Record<string, string | number>>;
};

/**
 * The notification of a final outcome; `undefined` for one that is to come again. The same message
 * ending in the same way always gives the same id, however often it is told. One that was redriven is
 * another message, and its outcome another notification.
 *
 * @param now epoch milliseconds.
 */
export function outcomeEvent(
  { message, event, outcome }: MessageReport,
  now: number,
): OutcomeEvent | undefined {
  if (outcome.outcome === "retry") return undefined;
  const causationid = event?.id ?? message.messageId;
  const { outcome: ended, ...facts } = outcome;
  return {
    specversion: "1.0",
    id: createHash("sha256").update(`${message.messageId}\n${ended}`).digest("hex"),
    source: "/logto-onboarding",
    type: ended === "done" ? "onboarding.outcome.done" : "onboarding.outcome.rejected",
    time: new Date(now).toISOString(),
    datacontenttype: "application/json",
    causationid,
    ...(event === undefined ? {} : { causationsource: event.source }),
    ...(event?.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    data: {
      ...(event === undefined ? {} : { eventType: event.type, ...subjectOf(event) }),
      group: message.group,
      ...facts,
    },
  };
}

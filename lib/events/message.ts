import * as v from "valibot";
import type { OnboardingEvent } from "./event.ts";
import { messageDeduplicationId, messageGroupId } from "./message-group.ts";
import { parseEvent } from "./parse.ts";
import type { Problem } from "./problem.ts";
import { type QueueName, queueNameOf } from "./queue-name.ts";

/** No message may be larger, in bytes: SQS takes no more in all regions. */
export const MAXIMUM_BODY_BYTES = 262_144;

/** An event as a message of its queue. */
export type EventMessage = {
  readonly eventId: string;
  readonly eventType: string;
  /** The queue it belongs to. */
  readonly queue: QueueName;
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
};

export type MessageOrProblem =
  | { readonly ok: true; readonly message: EventMessage }
  | Extract<ReturnType<typeof parseEvent>, { ok: false }>;

/**
 * Checks a CloudEvent and makes it a message: body, message group and deduplication id. The body is
 * the event as it was given, with `time` set to now where it has none.
 *
 * @param now epoch milliseconds.
 * @returns the message, or what is wrong with the event.
 */
export const eventMessage = (value: unknown, now: number): MessageOrProblem =>
  checkedMessage(value, now, () => undefined);

/**
 * As `eventMessage`, for a publisher who knows more than the contract does.
 *
 * @param now epoch milliseconds.
 * @param problemOf is asked about an event that passed the contract, with its `time`.
 */
export function checkedMessage(
  value: unknown,
  now: number,
  problemOf: (event: OnboardingEvent, time: string) => Problem | undefined,
): MessageOrProblem {
  const parsed = parseEvent(value);
  if (!parsed.ok) return parsed;
  const time = parsed.event.time ?? new Date(now).toISOString();
  const problem = problemOf(parsed.event, time);
  if (problem !== undefined) return { ok: false, reason: "invalid-data", problems: [problem] };
  return messageOf(parsed.event, { ...v.parse(anyObject, value), time });
}

/**
 * Makes an event that passed the contract a message.
 *
 * @param value what is published: the event as it was before it was parsed.
 * @param groupId its message group, where that is known already.
 * @returns the message, or that the event is too large.
 */
export function messageOf(
  event: OnboardingEvent,
  value: object,
  groupId = messageGroupId(event),
): MessageOrProblem {
  const body = JSON.stringify(value).replace(NOT_FOR_SQS, escaped);
  if (Buffer.byteLength(body) > MAXIMUM_BODY_BYTES) {
    const message = `must have at most ${MAXIMUM_BODY_BYTES} bytes as JSON`;
    return { ok: false, reason: "invalid-data", problems: [{ path: "", message }] };
  }
  return {
    ok: true,
    message: {
      eventId: event.id,
      eventType: event.type,
      queue: queueNameOf(event),
      body,
      groupId,
      deduplicationId: messageDeduplicationId(event),
    },
  };
}

const anyObject = v.looseObject({});

// SQS refuses a message that holds one of these, and JSON has another way to write them.
const NOT_FOR_SQS = /[\uFFFE\uFFFF]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

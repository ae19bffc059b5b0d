import * as v from "valibot";
import { messageDeduplicationId, messageGroupId } from "./message-group.ts";
import { parseEvent } from "./parse.ts";
import { type QueueName, queueNameOf } from "./queue-name.ts";

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
export function eventMessage(value: unknown, now: number): MessageOrProblem {
  const parsed = parseEvent(value);
  if (!parsed.ok) return parsed;
  const { event } = parsed;
  const time = event.time ?? new Date(now).toISOString();
  return {
    ok: true,
    message: {
      eventId: event.id,
      eventType: event.type,
      queue: queueNameOf(event),
      body: JSON.stringify({ ...v.parse(anyObject, value), time }),
      groupId: messageGroupId(event),
      deduplicationId: messageDeduplicationId(event),
    },
  };
}

const anyObject = v.looseObject({});

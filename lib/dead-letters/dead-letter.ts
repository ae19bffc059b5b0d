import type { Message } from "@aws-sdk/client-sqs";
import * as v from "valibot";

/** A message that was given up, and why. Times are epoch milliseconds. */
export type DeadLetter = {
  /** The id of the message in the dead-letter queue. */
  readonly messageId: string;
  readonly deduplicationId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly group: string;
  readonly reason: string;
  readonly sentence: string;
  readonly function: string | undefined;
  readonly logtoRequestId: string | undefined;
  /** How often it had been received when it was given up. */
  readonly receiveCount: number | undefined;
  readonly sentAt: number;
  readonly firstReceivedAt: number | undefined;
  readonly failedAt: number;
  /** What the body says of the event, as far as it is one. */
  readonly event: LooseEvent;
};

/** The reason of what SQS itself moved here: the function never lived to give one. */
export const CRASHED = "crashed";

/** Reads a message of a dead-letter queue: one of the functions', or one that SQS moved there. */
export function readDeadLetter(message: Message, now: number): DeadLetter {
  const attribute = (name: string): string | undefined =>
    message.MessageAttributes?.[name]?.StringValue;
  const enqueuedAt = Number(message.Attributes?.SentTimestamp ?? now);
  const receiveCount = attribute("receiveCount");
  return {
    messageId: message.MessageId ?? "",
    deduplicationId: message.Attributes?.MessageDeduplicationId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    group: message.Attributes?.MessageGroupId ?? "",
    reason: attribute("reason") ?? CRASHED,
    sentence: attribute("sentence") ?? "SQS gave it up: the function failed each time it had it.",
    function: attribute("function"),
    logtoRequestId: attribute("logtoRequestId"),
    receiveCount: receiveCount === undefined ? undefined : Number(receiveCount),
    sentAt: epochMs(attribute("sentAt")) ?? epochMs(attribute("firstSentAt")) ?? enqueuedAt,
    firstReceivedAt: epochMs(attribute("firstReceivedAt")),
    failedAt: epochMs(attribute("failedAt")) ?? enqueuedAt,
    event: readEvent(message.Body ?? ""),
  };
}

function epochMs(iso: string | undefined): number | undefined {
  const time = Date.parse(iso ?? "");
  return Number.isNaN(time) ? undefined : time;
}

const text = v.fallback(v.optional(v.string()), undefined);

const looseEvent = v.object({
  id: text,
  type: text,
  source: text,
  data: v.fallback(v.object({ organizationId: text, invitee: text, role: text }), {}),
});

type LooseEvent = Omit<v.InferOutput<typeof looseEvent>, "data"> & {
  readonly organizationId?: string | undefined;
  readonly invitee?: string | undefined;
  readonly role?: string | undefined;
};

function readEvent(body: string): LooseEvent {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), looseEvent), body);
  if (!parsed.success) return {};
  const { data, ...attributes } = parsed.output;
  return { ...attributes, ...data };
}

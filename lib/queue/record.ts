import type { SQSRecord } from "aws-lambda";
import type { Delivery } from "../events/delivery.ts";
import { messageGroupId } from "../events/message-group.ts";
import { type ParsedEvent, parseEventBody } from "../events/parse.ts";

/** One queue message, with what the batch needs of it read out. */
export type QueueMessage = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly parsed: ParsedEvent;
  /** The message group. Where the queue has none it is the one a publisher would give. */
  readonly group: string;
  readonly delivery: Delivery;
  /** Epoch milliseconds. */
  readonly firstReceivedAt: number;
};

/** The message attributes that a redriven message carries. Times are ISO 8601. */
export const REDRIVEN = { deadLetteredAt: "deadLetteredAt", firstSentAt: "firstSentAt" } as const;

/** Reads a Lambda SQS record. What an emulator leaves out is filled with what does no harm. */
export function queueMessage(record: SQSRecord, now: number): QueueMessage {
  const { attributes } = record;
  const deadLetteredAt = timeAttribute(record, REDRIVEN.deadLetteredAt);
  const firstSentAt = timeAttribute(record, REDRIVEN.firstSentAt);
  const parsed = parseEventBody(record.body);
  const groupOfBody = () => (parsed.ok ? messageGroupId(parsed.event) : record.messageId);
  const sentAt = wholeNumber(attributes?.SentTimestamp) ?? now;
  return {
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    body: record.body,
    parsed,
    group: attributes?.MessageGroupId ?? groupOfBody(),
    delivery: {
      sentAt,
      receiveCount: wholeNumber(attributes?.ApproximateReceiveCount) ?? 1,
      ...(deadLetteredAt === undefined ? {} : { deadLetteredAt }),
      ...(firstSentAt === undefined ? {} : { firstSentAt }),
    },
    firstReceivedAt: wholeNumber(attributes?.ApproximateFirstReceiveTimestamp) ?? sentAt,
  };
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

function timeAttribute({ messageAttributes }: SQSRecord, name: string): number | undefined {
  const time = Date.parse(messageAttributes?.[name]?.stringValue ?? "");
  return Number.isNaN(time) ? undefined : time;
}

import type { SQSMessageAttributes, SQSRecord } from "aws-lambda";
import { createEvent } from "./events.ts";

export type RecordFields = {
  messageId?: string;
  /** An event or anything else, written as JSON; text is taken as it is. */
  body?: unknown;
  group?: string;
  receiveCount?: number;
  /** Epoch milliseconds. */
  sentAt?: number;
  /** Epoch milliseconds. */
  firstReceivedAt?: number;
  /** What a redriven message says of itself. ISO 8601. */
  deadLetteredAt?: string;
  firstSentAt?: string;
};

/** When the records of the factory were sent, epoch milliseconds. */
export const SENT_AT = Date.parse("2026-03-01T12:00:00Z");

/** A record as Lambda gets it from a FIFO queue: a valid event, sent a moment ago. */
export function sqsRecord(fields: RecordFields = {}): SQSRecord {
  const { messageId = "message-1", body = createEvent(), sentAt = SENT_AT } = fields;
  const { deadLetteredAt, firstSentAt } = fields;
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: {
      MessageGroupId: fields.group ?? "group-1",
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: String(fields.receiveCount ?? 1),
      ApproximateFirstReceiveTimestamp: String(fields.firstReceivedAt ?? sentAt),
      SenderId: "sender",
    },
    messageAttributes: textAttributes({ deadLetteredAt, firstSentAt }),
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:invitations.fifo",
    awsRegion: "us-east-1",
  };
}

const textAttributes = (texts: Record<string, string | undefined>): SQSMessageAttributes =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([, text]) => text !== undefined)
      .map(([name, text]) => [name, { stringValue: text ?? "", dataType: "String" }]),
  );

import type { SQSRecord } from "aws-lambda";
import { uniquePrefix } from "../unique.ts";

/** What a benchmark asks to be created. */
export type Creates = {
  readonly organizationId: string;
  /** Begins the invitees' addresses and the events' ids: no two runs may share it. */
  readonly prefix: string;
  /** How many message groups the messages of a batch are in. */
  readonly groups: number;
  /** Whether an e-mail is sent. */
  readonly email: boolean;
};

/** The CloudEvent that asks for one invitation. */
export const createEvent = ({ organizationId, prefix, email }: Creates, number: number) => ({
  specversion: "1.0",
  id: `${prefix}-${number}`,
  source: "/bench",
  type: "onboarding.invitation.create",
  time: new Date().toISOString(),
  data: {
    organizationId,
    invitee: `${prefix}-${number}@example.com`,
    message: email ? { link: "https://example.com/join" } : false,
  },
});

/**
 * A message as Lambda gets it from a FIFO queue.
 *
 * @param receiptHandle only a message that is in a queue has one that SQS knows.
 */
export function sqsRecord(body: object, group: string, messageId: string): SQSRecord {
  const now = String(Date.now());
  return {
    messageId,
    receiptHandle: messageId,
    body: JSON.stringify(body),
    attributes: {
      MessageGroupId: group,
      ApproximateReceiveCount: "1",
      SentTimestamp: now,
      ApproximateFirstReceiveTimestamp: now,
      SenderId: "bench",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:bench.fifo",
    awsRegion: "us-east-1",
  };
}

/** Messages of a group each, asking for invitations that nobody else asked for. */
export const createRecords = (
  { organizationId }: { readonly organizationId: string },
  count: number,
  email: boolean,
): SQSRecord[] =>
  batchesOf({ organizationId, prefix: uniquePrefix(), groups: count, email }, 1, count).flat();

/** Batches of messages, each asking for another invitation. */
export const batchesOf = (creates: Creates, batches: number, size: number): SQSRecord[][] =>
  Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: size }, (_, index) => {
      const number = batch * size + index;
      const group = `${creates.prefix}-${batch}-${index % creates.groups}`;
      return sqsRecord(createEvent(creates, number), group, `${creates.prefix}-${number}`);
    }),
  );

import { randomUUID } from "node:crypto";
import type { SQSRecord } from "aws-lambda";
import type { Outcome } from "../events/outcome.ts";
import { type BatchWork, processBatch } from "./batch.ts";
import type { Deadline } from "./deadline.ts";
import type { SqsWork } from "./sqs-work.ts";

/** What became of one event that was handed over directly. */
export type DirectOutcome = { readonly eventId?: string } & Outcome;

/**
 * Carries out events that come as the payload itself and not through the queue: one event, or a list.
 * Nothing is tried again and nothing is dead-lettered: the caller is told.
 *
 * @returns the outcome of each, in the order given.
 */
export async function processDirect(
  payload: unknown,
  work: Omit<BatchWork, keyof SqsWork>,
  deadline: Deadline,
): Promise<readonly DirectOutcome[]> {
  const events: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  const records = events.map((event) => directRecord(event, work.now()));
  const outcomes = new Map<string, DirectOutcome>();
  await processBatch(
    records,
    {
      ...work,
      acknowledge: async () => {},
      deadLetter: async () => {},
      delay: async () => {},
      report: (report) => {
        const eventId = report.event?.id;
        const direct = { ...(eventId === undefined ? {} : { eventId }), ...report.outcome };
        outcomes.set(report.message.messageId, direct);
        work.report(report);
      },
    },
    deadline,
  );
  return records.map(({ messageId }) => outcomes.get(messageId) ?? NOT_BEGUN);
}

const NOT_BEGUN: DirectOutcome = {
  outcome: "retry",
  reason: "not-begun",
  sentence:
    "It was not begun: an earlier event of its group is to be tried again, or time ran out.",
};

const directRecord = (event: unknown, now: number): SQSRecord => ({
  messageId: `direct-${randomUUID()}`,
  receiptHandle: "",
  body: JSON.stringify(event) ?? "",
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: String(now),
    SenderId: "",
    ApproximateFirstReceiveTimestamp: String(now),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "direct",
  eventSourceARN: "",
  awsRegion: "",
});

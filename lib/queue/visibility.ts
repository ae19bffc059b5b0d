import { ChangeMessageVisibilityBatchCommand } from "@aws-sdk/client-sqs";
import { sqsClient } from "../runtime/sqs.ts";
import type { Delay } from "./batch.ts";

/** SQS changes at most this many at once; a FIFO batch has no more. */
const ENTRIES_PER_CALL = 10;

/**
 * Sets when messages are received again.
 *
 * Source: ChangeMessageVisibilityBatch.
 *
 * @throws when SQS does not answer or refuses an entry, after the others were changed; the queue's own
 * timeout holds for those.
 */
export async function changeVisibility(queueUrl: string, delays: readonly Delay[]): Promise<void> {
  const refusals: string[] = [];
  for (let first = 0; first < delays.length; first += ENTRIES_PER_CALL) {
    const entries = delays.slice(first, first + ENTRIES_PER_CALL);
    const { Failed = [] } = await sqsClient().send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ receiptHandle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
    );
    refusals.push(...Failed.map(({ Code = "" }) => Code));
  }
  if (refusals.length > 0) {
    const codes = [...new Set(refusals)].join(", ");
    throw new Error(`SQS refused ${refusals.length} of ${delays.length} changes: ${codes}`);
  }
}

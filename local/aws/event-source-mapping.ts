import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { Container } from "./container.ts";
import { FunctionError } from "./container.ts";
import { createContainerPool } from "./container-pool.ts";
import { succeededRecords } from "./partial-batch-response.ts";
import { toLambdaRecord } from "./sqs-record.ts";

export interface EventSourceMapping {
  /** Polls no more, waits for the batches under way (30 s at most), then stops the containers. */
  stop(): Promise<void>;
}

export interface EventSourceMappingOptions {
  queue: { url: string; arn: string };
  sqs: SQSClient;
  /** Called when a batch needs a container and none is free. Free ones are kept warm. */
  createContainer: () => Container;
  /** 1 to 10; FIFO queues allow no more. */
  batchSize?: number;
  /** Batches at once. Without a maximum AWS starts with five, and so do we. */
  maximumConcurrency?: number;
  /** `functionResponseType: ReportBatchItemFailures` in serverless.yml. */
  reportBatchItemFailures?: boolean;
  /** Gets a line when the queue cannot be reached, when it can again, and when a batch failed. */
  log?: (line: string) => void;
}

// One receive gives ten messages at most; AWS gathers larger batches, which no function here has.
const LARGEST_RECEIVE = 10;
const LONG_POLL_SECONDS = 20;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 2_000;
const STOP_GRACE_MS = 30_000;

/**
 * Does what Lambda's own poller does between a queue and a function: receives batches, invokes,
 * and deletes what was done. What was not done is left to the queue: its visibility timeout and
 * its redrive policy.
 *
 * Order within a FIFO group is the queue's: it gives out nothing more of a group until all that
 * it gave out is deleted or visible again, so batches can run in parallel.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { queue, sqs, batchSize = LARGEST_RECEIVE, maximumConcurrency = 5 } = options;
  const { reportBatchItemFailures = false, log = () => undefined } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > LARGEST_RECEIVE) {
    throw new Error(`batchSize is ${batchSize}: it must be a whole number from 1 to 10.`);
  }
  const pool = createContainerPool(options.createContainer);
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let failuresInARow = 0;
  const polling = poll();
  return { stop };

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (underWay.size >= maximumConcurrency) {
        await Promise.race(underWay);
        continue;
      }
      const records = await receive();
      if (records.length === 0) continue;
      const batch = processBatch(records).finally(() => underWay.delete(batch));
      underWay.add(batch);
    }
  }

  async function receive(): Promise<SQSRecord[]> {
    try {
      const answer = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: batchSize,
          WaitTimeSeconds: LONG_POLL_SECONDS,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
        { abortSignal: stopping.signal },
      );
      if (failuresInARow > 0) log("The queue can be reached again.");
      failuresInARow = 0;
      return (answer.Messages ?? []).map((message) => toLambdaRecord(message, queue.arn));
    } catch (error) {
      if (stopping.signal.aborted) return [];
      if (failuresInARow === 0) log(`The queue cannot be reached, trying on: ${nameOf(error)}.`);
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failuresInARow, LONGEST_BACKOFF_MS);
      failuresInARow += 1;
      await delay(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      return [];
    }
  }

  async function processBatch(records: SQSRecord[]): Promise<void> {
    const container = pool.take();
    try {
      const answer = await container.invoke({ Records: records });
      const done = reportBatchItemFailures ? succeededRecords(records, answer) : records;
      if (done === undefined) {
        log(`${records.length} message(s) kept: the answer is no valid batch response.`);
      }
      await deleteRecords(done ?? []);
    } catch (error) {
      log(`${records.length} message(s) kept: ${nameOf(error)}.`);
    } finally {
      pool.giveBack(container);
    }
  }

  async function deleteRecords(records: SQSRecord[]): Promise<void> {
    if (records.length === 0) return;
    const Entries = records.map(({ messageId, receiptHandle }) => ({
      Id: messageId,
      ReceiptHandle: receiptHandle,
    }));
    const answer = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    if (answer.Failed?.length) log(`${answer.Failed.length} message(s) could not be deleted.`);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const patience = new AbortController();
    const finished = polling.then(() => Promise.all(underWay));
    await Promise.race([
      finished,
      delay(STOP_GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    await pool.stop();
  }
}

/** No messages of foreign errors: they may quote what was in the event. */
function nameOf(error: unknown): string {
  if (error instanceof FunctionError) return `the function failed with ${error.errorType}`;
  return error instanceof Error ? error.name : "unknown error";
}

import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { QueueName } from "../events/queue-name.ts";
import { publishMessageCounts } from "../runtime/metrics.ts";
import { processBatch } from "./batch.ts";
import { deadlineOf } from "./deadline.ts";
import { type DirectOutcome, processDirect } from "./direct.ts";
import { functionWork, type QueueFunction } from "./function-work.ts";
import { sqsWork } from "./sqs-work.ts";

/** A batch from the queue (an SQSEvent); or one bare event, or a list of them, by hand. */
export type QueuePayload = unknown;

export type QueueAnswer = SQSBatchResponse | readonly DirectOutcome[];

/**
 * The handler of a function that reads a queue and can be invoked by hand as well.
 *
 * @param start makes what the function needs; called with the first invocation, once.
 * @throws SettingsError when a setting is missing.
 */
export function queueHandler<Name extends QueueName>(
  start: () => QueueFunction<Name>,
): (payload: QueuePayload, context: Context) => Promise<QueueAnswer> {
  let parts: QueueFunction<Name> | undefined;
  let work: ReturnType<typeof functionWork<Name>> | undefined;
  let sqs: ReturnType<typeof sqsWork> | undefined;
  return async (payload, context) => {
    parts ??= start();
    work ??= functionWork(parts);
    try {
      if (!isBatch(payload)) return await processDirect(payload, work, deadlineOf(context));
      sqs ??= sqsWork(parts.settings);
      return await processBatch(payload.Records, { ...work, ...sqs }, deadlineOf(context));
    } finally {
      publishMessageCounts(parts.metrics);
    }
  };
}

const isBatch = (payload: QueuePayload): payload is SQSEvent =>
  typeof payload === "object" &&
  payload !== null &&
  "Records" in payload &&
  Array.isArray(payload.Records);

import type { SQSBatchResponse } from "aws-lambda";

/** Takes a batch and does nothing: what is left is the queue, and the way to a container. */
export const handler = async (): Promise<SQSBatchResponse> => ({ batchItemFailures: [] });

import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { createInvitation } from "./create-with-logto-api.ts";

/** @logto/api alone: all messages of a batch at once, and the batch fails as a whole. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  await Promise.all(Records.map(createInvitation));
  return { batchItemFailures: [] };
}

import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { createInvitation } from "./create-with-logto-api.ts";

const processor = new BatchProcessor(EventType.SQS);

/** As Powertools' documentation has it for queues without an order: all messages at once. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, createInvitation, processor, { context });

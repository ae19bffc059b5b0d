import { processPartialResponse, SqsFifoPartialProcessorAsync } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { createInvitation } from "./create-with-logto-api.ts";

const processor = new SqsFifoPartialProcessorAsync();

/** As Powertools' documentation has it for FIFO queues: one message after the other. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, createInvitation, processor, { context });

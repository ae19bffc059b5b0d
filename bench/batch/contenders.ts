import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { LogtoClient } from "../../lib/logto/client.ts";
import { processBatch } from "../../lib/queue/batch.ts";
import { handleRecord } from "./handler.ts";

export type Contender = {
  readonly name: string;
  readonly run: (records: SQSRecord[], logto: LogtoClient) => Promise<SQSBatchResponse>;
};

/** Each as its own documentation advises, on the same handler. */
export const contenders: readonly Contender[] = [
  {
    name: "this project",
    run: (records, logto) =>
      processBatch(
        records,
        {
          handle: async ({ message }) => {
            const record = records.find(({ messageId }) => messageId === message.messageId);
            if (record !== undefined) await handleRecord(record, logto);
            return { outcome: "done", detail: "created" };
          },
          acknowledge: async () => {},
          deadLetter: async () => {},
          delay: async () => {},
          warn: () => {},
          report: () => {},
          now: Date.now,
          random: Math.random,
        },
        { startBefore: Date.now() + 30_000, endBy: Date.now() + 40_000 },
      ),
  },
  {
    name: "Powertools SqsFifoPartialProcessorAsync",
    run: (records, logto) =>
      processPartialResponse(
        { Records: records },
        (record: SQSRecord) => handleRecord(record, logto),
        new SqsFifoPartialProcessorAsync(),
      ),
  },
  {
    name: "Powertools BatchProcessor (no order)",
    run: (records, logto) =>
      processPartialResponse(
        { Records: records },
        (record: SQSRecord) => handleRecord(record, logto),
        new BatchProcessor(EventType.SQS),
      ),
  },
];

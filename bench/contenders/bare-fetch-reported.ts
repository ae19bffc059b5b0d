import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { createByFetch } from "./bare-fetch.ts";

const logger = new Logger({ serviceName: "bench" });
const metrics = new Metrics({ namespace: "bench", serviceName: "bench" });

/** One `fetch` for each message, and what one needs to know what became of it: a log line, and metrics. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  await Promise.all(Records.map(createAndReport));
  metrics.publishStoredMetrics();
  return { batchItemFailures: [] };
}

async function createAndReport(record: SQSRecord): Promise<void> {
  const startedAt = performance.now();
  await createByFetch(record);
  const durationMs = performance.now() - startedAt;
  const { messageId, attributes } = record;
  const {
    MessageGroupId: group,
    ApproximateReceiveCount: receiveCount,
    SentTimestamp,
  } = attributes;
  logger.info("created", { messageId, group, receiveCount, durationMs, outcome: "done" });
  const ageSeconds = (Date.now() - Number(SentTimestamp)) / 1000;
  metrics.addMetric("Calls", MetricUnit.Count, 1);
  metrics.addMetric("CallDuration", MetricUnit.Milliseconds, durationMs);
  metrics.addMetric("MessageAge", MetricUnit.Seconds, ageSeconds);
}

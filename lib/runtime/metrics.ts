import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/**
 * The metrics of a function, written as EMF into its log: no call, no permission. Setting:
 * `POWERTOOLS_METRICS_NAMESPACE`, so that the stages in one account are told apart.
 */
export const createMetrics = (serviceName: string): Metrics =>
  new Metrics({
    namespace: process.env["POWERTOOLS_METRICS_NAMESPACE"] || "LogtoOnboarding",
    serviceName,
  });

/** Counts one request to Logto and its time. */
export function countLogtoCall(metrics: Metrics, durationMs: number): void {
  metrics.addMetric("LogtoCalls", MetricUnit.Count, 1);
  metrics.addMetric("LogtoCallDuration", MetricUnit.Milliseconds, durationMs);
}

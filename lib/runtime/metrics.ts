import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** The metrics of a function, written as EMF into its log: no call, no permission. */
export const createMetrics = (serviceName: string): Metrics =>
  new Metrics({ namespace: "LogtoOnboarding", serviceName });

/** Counts one request to Logto and its time. */
export function countLogtoCall(metrics: Metrics, durationMs: number): void {
  metrics.addMetric("LogtoCalls", MetricUnit.Count, 1);
  metrics.addMetric("LogtoCallDuration", MetricUnit.Milliseconds, durationMs);
}

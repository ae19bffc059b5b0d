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

const singleMetrics = new WeakMap<Metrics, Metrics>();

/** Counts one message under its outcome and reason, which are dimensions of this metric alone. */
export function countMessage(metrics: Metrics, outcome: string, reason: string): void {
  // Kept: to make one costs more than all else that is done to report a message.
  const single = singleMetrics.get(metrics) ?? metrics.singleMetric();
  singleMetrics.set(metrics, single);
  single
    .addDimension("outcome", outcome)
    .addDimension("reason", reason)
    .addMetric("Messages", MetricUnit.Count, 1);
}

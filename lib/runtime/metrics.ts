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

/**
 * Middleware that writes the metrics of an invocation when it ends, well or not. Powertools' own warns
 * where there are none, and a run that finds nothing to do has none.
 */
export function publishMetrics(metrics: Metrics): { after: () => void; onError: () => void } {
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: publish, onError: publish };
}

/** Counts one request to Logto and its time. */
export function countLogtoCall(metrics: Metrics, durationMs: number): void {
  metrics.addMetric("LogtoCalls", MetricUnit.Count, 1);
  metrics.addMetric("LogtoCallDuration", MetricUnit.Milliseconds, durationMs);
}

/** Messages that were counted since the last publication, by outcome and reason. */
const counted = new WeakMap<Metrics, Map<string, MessageCount>>();

type MessageCount = { readonly outcome: string; readonly reason: string; messages: number };

/** Counts one message under its outcome and reason. `publishMessageCounts` writes what was counted. */
export function countMessage(metrics: Metrics, outcome: string, reason: string): void {
  const counts = counted.get(metrics) ?? new Map<string, MessageCount>();
  counted.set(metrics, counts);
  const count = counts.get(`${outcome} ${reason}`) ?? { outcome, reason, messages: 0 };
  counts.set(`${outcome} ${reason}`, count);
  count.messages += 1;
}

/**
 * Writes the counts of messages: a line for each outcome and reason, which are dimensions of this metric
 * alone. A line for each message was a third of what it costs to report one.
 */
export function publishMessageCounts(metrics: Metrics): void {
  for (const { outcome, reason, messages } of counted.get(metrics)?.values() ?? []) {
    metrics
      .singleMetric()
      .addDimension("outcome", outcome)
      .addDimension("reason", reason)
      .addMetric("Messages", MetricUnit.Count, messages);
  }
  counted.delete(metrics);
}

import type { Logger } from "@aws-lambda-powertools/logger";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { MessageReport } from "./batch.ts";

/**
 * Writes one structured log line and one metric for a message. The invitee is not in it: the group
 * is a hash that can be computed from organization and invitee.
 *
 * @param logtoCalls requests sent to Logto for this message.
 */
export function reportMessage(
  { message, event, outcome, durationMs, error }: MessageReport,
  logtoCalls: number,
  logger: Logger,
  metrics: Metrics,
): void {
  const line = {
    message: `${event?.type ?? "message"} ${outcome.outcome}`,
    eventId: event?.id,
    eventSource: event?.source,
    eventType: event?.type,
    organizationId: event?.data.organizationId,
    traceparent: event?.traceparent,
    messageId: message.messageId,
    group: message.group,
    receiveCount: message.delivery.receiveCount,
    durationMs: Math.round(durationMs),
    logtoCalls,
    ...outcome,
  };
  if (outcome.outcome === "done") logger.info(line);
  else if (error === undefined) logger.warn(line);
  else logger.warn({ ...line, stack: stackOf(error) });

  metrics
    .singleMetric()
    .addDimension("outcome", outcome.outcome)
    .addDimension("reason", outcome.outcome === "done" ? outcome.detail : outcome.reason)
    .addMetric("Messages", MetricUnit.Count, 1);
}

/** Where it was thrown. Not the message: that of a bug may quote anything. */
const stackOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split("\n")
        .filter((line) => /^\s+at /.test(line))
        .join("\n")
    : undefined;

import type { Logger } from "@aws-lambda-powertools/logger";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { subjectOf } from "../events/subject.ts";
import { countMessage } from "../runtime/metrics.ts";
import type { MessageReport } from "./batch.ts";

/** What was noted while a message was worked on. */
export type MessageFacts = {
  /** Requests sent to Logto for it, the token's excepted. */
  logtoCalls: number;
  /** HMAC-SHA256 of the invitee: the same for all organizations, and no way back to the address. */
  inviteeHash?: string;
};

/**
 * Writes one structured log line and the metrics of a message: a count by outcome and reason, and its
 * age in the queue. The invitee is in it only as hashes: keyed, and within the group.
 */
export function reportMessage(
  { message, event, outcome, durationMs, error }: MessageReport,
  facts: MessageFacts,
  logger: Logger,
  metrics: Metrics,
): void {
  const line = {
    message: `${event?.type ?? "message"} ${outcome.outcome}`,
    eventId: event?.id,
    eventSource: event?.source,
    eventType: event?.type,
    ...(event === undefined ? {} : subjectOf(event)),
    traceparent: event?.traceparent,
    messageId: message.messageId,
    group: message.group,
    receiveCount: message.delivery.receiveCount,
    durationMs: Math.round(durationMs),
    ...facts,
    ...outcome,
  };
  if (outcome.outcome === "done") logger.info(line);
  else if (error === undefined) logger.warn(line);
  else logger.warn({ ...line, stack: stackOf(error) });

  const ageSeconds = Math.max(0, Date.now() - message.delivery.sentAt) / 1000;
  metrics.addMetric("MessageAge", MetricUnit.Seconds, ageSeconds);
  const reason = outcome.outcome === "done" ? outcome.detail : outcome.reason;
  countMessage(metrics, outcome.outcome, reason);
}

/** Where it was thrown. Not the message: that of a bug may quote anything. */
const stackOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split("\n")
        .filter((line) => /^\s+at /.test(line))
        .join("\n")
    : undefined;

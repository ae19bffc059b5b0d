import type { Logger } from "@aws-lambda-powertools/logger";
import type { Metrics } from "@aws-lambda-powertools/metrics";
import type { Delivery } from "../events/delivery.ts";
import type { OnboardingEvent } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { LogtoClient } from "../logto/client.ts";
import type { SettingsReader } from "../runtime/settings.ts";
import type { BatchWork, Task } from "./batch.ts";
import { reportMessage } from "./report.ts";
import { sqsWork } from "./sqs-work.ts";

/** What a queue function is made of. */
export type QueueFunction = {
  readonly settings: SettingsReader;
  readonly logto: LogtoClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What the events of this function mean. */
  readonly carryOut: (
    event: OnboardingEvent,
    delivery: Delivery,
    logto: LogtoClient,
  ) => Promise<Outcome>;
};

/**
 * A batch's work as a Lambda function does it: events carried out against Logto with their calls
 * counted, dead letters and delays through SQS, a log line and a metric per message.
 *
 * @throws SettingsError
 */
export function functionWork(parts: QueueFunction): BatchWork {
  const { settings, logto, logger, metrics, carryOut } = parts;
  const calls = new WeakMap<Task["message"], number>();
  return {
    ...sqsWork(settings),
    handle: ({ event, message, deadline }) => {
      const signal = AbortSignal.timeout(Math.max(0, deadline.endBy - Date.now()));
      const onCall = () => calls.set(message, (calls.get(message) ?? 0) + 1);
      const client = logto.on({ signal, deadlineAt: deadline.endBy, onCall });
      return carryOut(event, message.delivery, client);
    },
    report: (report) => reportMessage(report, calls.get(report.message) ?? 0, logger, metrics),
    warn: (sentence, error) => logger.warn(sentence, { reason: nameOf(error) }),
    now: Date.now,
    random: Math.random,
  };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

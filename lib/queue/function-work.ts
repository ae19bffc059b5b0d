import { createHmac } from "node:crypto";
import type { Logger } from "@aws-lambda-powertools/logger";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Delivery } from "../events/delivery.ts";
import type { OnboardingEvent } from "../events/event.ts";
import type { Outcome, Reject } from "../events/outcome.ts";
import { type EventFor, isFor, type QueueName, queueNameOf } from "../events/queue-name.ts";
import type { LogtoClient } from "../logto/client.ts";
import type { ConfiguredLogto } from "../logto/configured-client.ts";
import type { SettingsReader } from "../runtime/settings.ts";
import { announcing } from "./announcing.ts";
import type { BatchWork } from "./batch.ts";
import type { QueueMessage } from "./record.ts";
import { type MessageFacts, reportMessage } from "./report.ts";
import type { SqsWork } from "./sqs-work.ts";

/** What a queue function is made of. */
export type QueueFunction<Name extends QueueName> = ConfiguredLogto & {
  /** The queue it reads: events of others are rejected. */
  readonly queue: Name;
  readonly settings: SettingsReader;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What the events of this function mean. */
  readonly carryOut: (
    event: EventFor<Name>,
    delivery: Delivery,
    logto: LogtoClient,
  ) => Promise<Outcome>;
};

/**
 * The work of a Lambda function on its events, however they come: carried out against Logto with
 * their calls counted, a log line and metrics for each, and outcomes announced where that is asked for.
 *
 * @throws SettingsError
 */
export function functionWork<Name extends QueueName>(
  parts: QueueFunction<Name>,
): Omit<BatchWork, keyof SqsWork> {
  const { settings, logto, credentials, logger, metrics, carryOut } = parts;
  const facts = new WeakMap<QueueMessage, MessageFacts>();
  return {
    handle: async ({ event, message, deadline }) => {
      const own: MessageFacts = { logtoCalls: 0 };
      facts.set(message, own);
      if (!isFor(parts.queue, event)) return misdirected(event, parts.queue);
      if (isFor("invitations", event)) {
        const { hashKey } = await credentials.get();
        own.inviteeHash = createHmac("sha256", hashKey).update(event.data.invitee).digest("hex");
      }
      const client = logto.on({
        deadlineAt: deadline.endBy,
        onCall: () => {
          own.logtoCalls += 1;
        },
      });
      return carryOut(event, message.delivery, client);
    },
    report: (report) => {
      reportMessage(report, facts.get(report.message) ?? { logtoCalls: 0 }, logger, metrics);
    },
    ...announcing(settings),
    warn: (sentence, error) => {
      logger.warn(sentence, { reason: nameOf(error) });
      metrics.addMetric("Warnings", MetricUnit.Count, 1);
    },
    now: Date.now,
    random: Math.random,
  };
}

const misdirected = (event: OnboardingEvent, queue: QueueName): Reject => ({
  outcome: "reject",
  reason: "wrong-queue",
  sentence: `The event is one for the queue ${queueNameOf(event)} and came to ${queue}: publish it there.`,
});

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

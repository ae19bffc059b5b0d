import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { QueueName } from "../lib/events/queue-name.ts";
import { configuredLogto } from "../lib/logto/configured-client.ts";
import type { ReconcileAnswer } from "../lib/reconcile/answer.ts";
import { readDeclaration } from "../lib/reconcile/declaration-file.ts";
import { logRun, throwIfFailed } from "../lib/reconcile/log-run.ts";
import { parseOptions } from "../lib/reconcile/options.ts";
import { reconcilePolicy } from "../lib/reconcile/policy.ts";
import { type ReconcileParts, reconcile } from "../lib/reconcile/run.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { countLogtoCall, createMetrics, publishMetrics } from "../lib/runtime/metrics.ts";
import { settingsReader, url } from "../lib/runtime/settings.ts";

/** What is left at the end for calls to SQS that are under way, and for the answer. */
const CLOSING_MS = 15_000;

const logger = createLogger("reconcile");
const metrics = createMetrics("reconcile");
let parts: Omit<ReconcileParts, "endBy"> | undefined;

function start(): Omit<ReconcileParts, "endBy"> {
  const settings = settingsReader(process.env);
  const policy = reconcilePolicy(settings);
  const queueUrl = (variable: string, queue: QueueName) =>
    settings.required(variable, url(`the URL of the queue ${queue}`));
  const { logto } = configuredLogto(settings, {
    onCall: ({ durationMs }) => countLogtoCall(metrics, durationMs),
    onStaleSecret: () => logger.warn("the secret could not be read: the one in memory is used"),
  });
  return {
    logto,
    sqs: async () => (await import("../lib/runtime/sqs.ts")).impatientSqsClient(),
    queueUrls: {
      invitations: queueUrl("INVITATIONS_QUEUE_URL", "invitations"),
      "role-scopes": queueUrl("ROLE_SCOPES_QUEUE_URL", "role-scopes"),
    },
    policy,
    declaration: readDeclaration(policy.roleScopesFile),
    now: Date.now,
    onProgress: (read) => logger.info("reading invitations", { read }),
  };
}

/**
 * Compares what is declared and what the policy asks for with what Logto holds, and publishes events
 * for the difference: for its schedule, or by hand with options such as `{ "dryRun": true }`.
 */
export const handler = middy<unknown, ReconcileAnswer>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics(metrics))
  .handler(async (payload, context) => {
    const options = parseOptions(payload);
    parts ??= start();
    const endBy = Date.now() + context.getRemainingTimeInMillis() - CLOSING_MS;
    const answer = await reconcile(options, { ...parts, endBy });
    logRun(answer, logger, metrics);
    throwIfFailed(answer);
    return answer;
  });

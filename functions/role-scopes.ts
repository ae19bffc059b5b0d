import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { configuredLogto } from "../lib/logto/configured-client.ts";
import { createResourceDirectory } from "../lib/logto/resource-directory.ts";
import { createRoleDirectory } from "../lib/logto/role-directory.ts";
import type { QueueFunction } from "../lib/queue/function-work.ts";
import { type QueueAnswer, type QueuePayload, queueHandler } from "../lib/queue/handler.ts";
import { carryOutRoleScopesEvent } from "../lib/role-scopes/carry-out.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { countLogtoCall, createMetrics, publishMetrics } from "../lib/runtime/metrics.ts";
import { settingsReader } from "../lib/runtime/settings.ts";

/** A name hardly ever moves to another role or scope, and one that is new is looked for at once. */
const NAMES_TTL_MS = 300_000;

const logger = createLogger("role-scopes");
const metrics = createMetrics("role-scopes");

function start(): QueueFunction<"role-scopes"> {
  const settings = settingsReader(process.env);
  const roles = createRoleDirectory(NAMES_TTL_MS);
  const resources = createResourceDirectory(NAMES_TTL_MS);
  return {
    ...configuredLogto(settings, {
      onCall: ({ durationMs }) => countLogtoCall(metrics, durationMs),
      onStaleSecret: () => logger.warn("the secret could not be read: the one in memory is used"),
    }),
    queue: "role-scopes",
    settings,
    logger,
    metrics,
    carryOut: (event, _delivery, logto) =>
      carryOutRoleScopesEvent(event, { logto, roles, resources }),
  };
}

/**
 * Carries out role-scopes events: a batch of the queue, or one event or a list of them by hand, in
 * which case it answers with their outcomes.
 */
export const handler = middy<QueuePayload, QueueAnswer>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics(metrics))
  .handler(queueHandler(start));

import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { carryOutInvitationEvent } from "../lib/invitations/carry-out.ts";
import { invitationPolicy } from "../lib/invitations/policy.ts";
import { configuredLogto } from "../lib/logto/configured-client.ts";
import { createRoleDirectory } from "../lib/logto/role-directory.ts";
import type { QueueFunction } from "../lib/queue/function-work.ts";
import { type QueueAnswer, type QueuePayload, queueHandler } from "../lib/queue/handler.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { countLogtoCall, createMetrics, publishMetrics } from "../lib/runtime/metrics.ts";
import { settingsReader } from "../lib/runtime/settings.ts";

/** A role's name and kind hardly change, and one that is new is looked for at once. */
const ROLES_TTL_MS = 300_000;

const logger = createLogger("invitations");
const metrics = createMetrics("invitations");

function start(): QueueFunction<"invitations"> {
  const settings = settingsReader(process.env);
  const policy = invitationPolicy(settings);
  const roles = createRoleDirectory(ROLES_TTL_MS);
  return {
    ...configuredLogto(settings, {
      onCall: ({ durationMs }) => countLogtoCall(metrics, durationMs),
      onStaleSecret: () => logger.warn("the secret could not be read: the one in memory is used"),
    }),
    queue: "invitations",
    settings,
    logger,
    metrics,
    carryOut: (event, delivery, logto) =>
      carryOutInvitationEvent(event, { delivery, logto, roles, policy, now: Date.now() }),
  };
}

/**
 * Carries out invitation events: a batch of the queue, or one event or a list of them by hand, in
 * which case it answers with their outcomes.
 */
export const handler = middy<QueuePayload, QueueAnswer>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics(metrics))
  .handler(queueHandler(start));

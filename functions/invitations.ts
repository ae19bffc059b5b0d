import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { carryOutInvitationEvent } from "../lib/invitations/carry-out.ts";
import { invitationPolicy } from "../lib/invitations/policy.ts";
import { configuredLogtoClient } from "../lib/logto/configured-client.ts";
import { createRoleDirectory } from "../lib/logto/role-directory.ts";
import { type BatchWork, processBatch } from "../lib/queue/batch.ts";
import { deadlineOf } from "../lib/queue/deadline.ts";
import { functionWork } from "../lib/queue/function-work.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { countLogtoCall, createMetrics } from "../lib/runtime/metrics.ts";
import { settingsReader } from "../lib/runtime/settings.ts";

const logger = createLogger("invitations");
const metrics = createMetrics("invitations");

/** A role's name and kind hardly change, and one that is new is looked for at once. */
const ROLES_TTL_MS = 300_000;

let work: BatchWork | undefined;

function start(): BatchWork {
  const settings = settingsReader(process.env);
  const policy = invitationPolicy(settings);
  const roles = createRoleDirectory(ROLES_TTL_MS);
  return functionWork({
    settings,
    logger,
    metrics,
    logto: configuredLogtoClient(settings, {
      onCall: ({ durationMs }) => countLogtoCall(metrics, durationMs),
      onStaleSecret: () => logger.warn("the secret could not be read: the one in memory is used"),
    }),
    carryOut: (event, delivery, logto) =>
      carryOutInvitationEvent(event, { delivery, logto, roles, policy, now: Date.now() }),
  });
}

/** Carries out the invitation events of one SQS batch. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => {
    work ??= start();
    return processBatch(event.Records, work, deadlineOf(context));
  });

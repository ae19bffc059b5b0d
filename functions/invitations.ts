import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { createInvitation } from "../lib/invitations/create.ts";
import { invitationSettings } from "../lib/invitations/settings.ts";
import { configuredLogtoClient } from "../lib/logto/configured-client.ts";
import { type BatchWork, processBatch } from "../lib/queue/batch.ts";
import { deadlineOf } from "../lib/queue/deadline.ts";
import { functionWork } from "../lib/queue/function-work.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { countLogtoCall, createMetrics } from "../lib/runtime/metrics.ts";
import { settingsReader } from "../lib/runtime/settings.ts";

const logger = createLogger("invitations");
const metrics = createMetrics("invitations");

let work: BatchWork | undefined;

function start(): BatchWork {
  const settings = settingsReader(process.env);
  const policy = invitationSettings(settings);
  return functionWork({
    settings,
    logger,
    metrics,
    logto: configuredLogtoClient(settings, {
      onCall: ({ durationMs }) => countLogtoCall(metrics, durationMs),
      onStaleSecret: () => logger.warn("the secret could not be read: the one in memory is used"),
    }),
    carryOut: (event, delivery, logto) =>
      createInvitation(event, delivery, logto, policy, Date.now()),
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

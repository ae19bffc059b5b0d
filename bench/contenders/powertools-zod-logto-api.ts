import { processPartialResponse, SqsFifoPartialProcessorAsync } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createManagementApi } from "@logto/api/management";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { z } from "zod";

/** The invitations function as one would write it on @logto/api, Powertools and zod: creates only. */

const eventSchema = z.object({
  specversion: z.literal("1.0"),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.literal("onboarding.invitation.create"),
  data: z.strictObject({
    organizationId: z.string().min(1).max(21),
    invitee: z.email().max(256),
    organizationRoleIds: z.array(z.string()).max(100).default([]),
    message: z.union([z.literal(false), z.record(z.string(), z.string())]),
  }),
});

const secretSchema = z.object({
  endpoint: z.url(),
  appId: z.string(),
  appSecret: z.string(),
  resource: z.string(),
});

const WEEK_MS = 604_800_000;

const logger = new Logger({ serviceName: "invitations" });
const metrics = new Metrics({ namespace: "Onboarding", serviceName: "invitations" });
const secretsManager = new SecretsManagerClient({});
const processor = new SqsFifoPartialProcessorAsync();
let api: ReturnType<typeof openApi> | undefined;

async function openApi() {
  const { SecretString = "" } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: process.env["LOGTO_SECRET_ID"] }),
  );
  const { endpoint, appId, appSecret, resource } = secretSchema.parse(JSON.parse(SecretString));
  return createManagementApi("default", {
    clientId: appId,
    clientSecret: appSecret,
    baseUrl: endpoint,
    apiIndicator: resource,
  });
}

async function create({ body }: SQSRecord): Promise<void> {
  const { id, data } = eventSchema.parse(JSON.parse(body));
  api ??= openApi();
  const { apiClient } = await api;
  const { error, response } = await apiClient.POST("/api/organization-invitations", {
    body: {
      organizationId: data.organizationId,
      invitee: data.invitee,
      organizationRoleIds: data.organizationRoleIds,
      expiresAt: Date.now() + WEEK_MS,
      messagePayload: data.message,
    },
  });
  if (error !== undefined) throw new Error(`Logto answered ${response.status}`);
  metrics.addMetric("Created", MetricUnit.Count, 1);
  logger.info("created", { eventId: id });
}

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => processPartialResponse(event, create, processor, { context }));

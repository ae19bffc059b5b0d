import { buildApp } from "fauxqs";
import * as v from "valibot";
import { createSecretsManager, type SecretsManagerStandIn } from "./secrets-manager.ts";
import { createStores, LocalSqsStore } from "./sqs-store.ts";

export interface AwsStandIn {
  /** For `AWS_ENDPOINT_URL`, or the `endpoint` of an SDK client. */
  endpoint: string;
  region: "us-east-1";
  /** Call counts and failures on demand. */
  secretsManager: SecretsManagerStandIn;
  /** Ends open long polls with an empty answer, then closes. */
  stop(): Promise<void>;
}

const SECRETS_MANAGER_TARGET = "secretsmanager.";
const region = "us-east-1";

/**
 * Starts SQS and Secrets Manager on one endpoint of 127.0.0.1, for the real AWS SDK clients.
 * SQS is fauxqs, assembled here because its own start function listens on every interface.
 * All state is in memory and gone after `stop()`.
 *
 * @param port a free one when left out
 */
export async function startAwsStandIn(options: { port?: number } = {}): Promise<AwsStandIn> {
  const queues = new LocalSqsStore();
  const secretsManager = createSecretsManager({ region });
  const app = buildApp({ logger: false, defaultRegion: region, stores: createStores(queues) });

  app.addHook("preHandler", async (request, reply) => {
    const target = request.headers["x-amz-target"];
    if (typeof target !== "string" || !target.startsWith(SECRETS_MANAGER_TARGET)) return undefined;
    const operation = target.slice(SECRETS_MANAGER_TARGET.length);
    const answer = secretsManager.handle(operation, request.body);
    if (secretsManager.unavailable === "drop") {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    return reply
      .code(answer.statusCode)
      .header("content-type", "application/x-amz-json-1.1")
      .send(JSON.stringify(answer.body));
  });

  // A client that closed its long poll would otherwise take a message with it, out of sight until
  // the visibility timeout ends.
  app.addHook("preSerialization", async (request, _reply, payload: unknown) => {
    const { destroyed, readableEnded } = request.raw.socket;
    if (!destroyed && !readableEnded) return payload;
    const received = v.safeParse(receivedSchema, { request: request.body, answer: payload });
    if (received.success) {
      const handles = received.output.answer.Messages.map((message) => message.ReceiptHandle);
      queues.takeBack(received.output.request.QueueUrl, handles);
    }
    return payload;
  });

  const endpoint = await app.listen({ port: options.port ?? 0, host: "127.0.0.1" });
  queues.endpoint = endpoint;
  return { endpoint, region, secretsManager, stop: () => app.close() };
}

const receivedSchema = v.object({
  request: v.object({ QueueUrl: v.string() }),
  answer: v.object({ Messages: v.array(v.object({ ReceiptHandle: v.string() })) }),
});

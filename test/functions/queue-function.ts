import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { QueueName } from "../../lib/events/queue-name.ts";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type Container, startContainer } from "../../local/aws/container.ts";
import type { Seed } from "../../local/logto/seed.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { type Queues, startQueues } from "../support/queues.ts";

/** A function that reads a queue, in a container between both stand-ins. */
export type QueueFunction = {
  readonly queues: Queues;
  readonly logto: LogtoStandIn;
  readonly container: Container;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly stop: () => Promise<void>;
};

export const functionNameOf = (queue: QueueName): string => `onboarding-test-${queue}`;

const SECRET_ID = "tests/logto";

const ACME: Seed = { organizations: [{ id: "acme", name: "Acme" }] };

/**
 * Starts the function of a queue.
 *
 * @param options.seed what Logto holds, instead of one organization, `acme`.
 * @param options.secret fields of the secret beside those that reach the stand-in.
 */
export async function startQueueFunction(
  queue: QueueName,
  options: {
    readonly seed?: Seed;
    readonly secret?: Readonly<Record<string, string>>;
    readonly onLine?: (line: string) => void;
  } = {},
): Promise<QueueFunction> {
  const queues = await startQueues();
  const logto = await startLogtoStandIn({ emailDelayMs: 0 });
  logto.seed(options.seed ?? ACME);
  const { endpoint, app } = logto;
  const secret = { endpoint, appId: app.id, appSecret: app.secret, ...options.secret };
  const clients = createAwsClients(queues.standIn);
  await clients.secretsManager.send(
    new CreateSecretCommand({ Name: SECRET_ID, SecretString: JSON.stringify(secret) }),
  );
  clients.destroy();
  const queueUrl = await queues.create(`${queue}.fifo`);
  const deadLetterQueueUrl = await queues.create(`${queue}-dead-letters.fifo`);
  const container = startContainer({
    handler: `functions/${queue}.handler`,
    environment: {
      ...queues.environment,
      LOGTO_SECRET_ID: SECRET_ID,
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
    },
    timeoutSeconds: 45,
    functionName: functionNameOf(queue),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  });
  return {
    queues,
    logto,
    container,
    queueUrl,
    deadLetterQueueUrl,
    stop: async () => {
      await container.stop();
      await logto.stop();
      await queues.stop();
    },
  };
}

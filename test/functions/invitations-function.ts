import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type Container, startContainer } from "../../local/aws/container.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { type Queues, startQueues } from "../support/queues.ts";

/** functions/invitations in a container, between both stand-ins. Logto has one organization, `acme`. */
export type InvitationsFunction = {
  readonly queues: Queues;
  readonly logto: LogtoStandIn;
  readonly container: Container;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly stop: () => Promise<void>;
};

export const FUNCTION_NAME = "onboarding-test-invitations";

const SECRET_ID = "tests/logto";

/** @param options.secret fields of the secret beside those that reach the stand-in. */
export async function startInvitationsFunction(
  options: {
    readonly secret?: Readonly<Record<string, string>>;
    readonly onLine?: (line: string) => void;
  } = {},
): Promise<InvitationsFunction> {
  const queues = await startQueues();
  const logto = await startLogtoStandIn({ emailDelayMs: 0 });
  logto.seed({ organizations: [{ id: "acme", name: "Acme" }] });
  const { endpoint, app } = logto;
  const secret = { endpoint, appId: app.id, appSecret: app.secret, ...options.secret };
  const clients = createAwsClients(queues.standIn);
  await clients.secretsManager.send(
    new CreateSecretCommand({ Name: SECRET_ID, SecretString: JSON.stringify(secret) }),
  );
  clients.destroy();
  const queueUrl = await queues.create("invitations.fifo");
  const deadLetterQueueUrl = await queues.create("dead-letters.fifo");
  const container = startContainer({
    handler: "functions/invitations.handler",
    environment: {
      ...queues.environment,
      LOGTO_SECRET_ID: SECRET_ID,
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
    },
    timeoutSeconds: 45,
    functionName: FUNCTION_NAME,
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

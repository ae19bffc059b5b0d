import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Credentials } from "../../lib/logto/credentials.ts";
import { type AwsClients, createAwsClients } from "../../local/aws/clients.ts";
import { realCredentials } from "../../local/logto-target.ts";
import { createManagement, type Management } from "../../local/management.ts";
import { openRealLogto } from "./real-logto.ts";
import { type StandIns, startStandIns } from "./stand-ins.ts";
import type { StandInSettings } from "./stand-ins-protocol.ts";

/** What contenders work on: a Logto with an organization, a queue and a secret. */
export type Stage = {
  readonly logto: Credentials;
  /** Whether it is the Logto of the environment. The stand-in for Logto is idle then. */
  readonly isReal: boolean;
  readonly organizationId: string;
  /** For setting it up: any call of its Management API. */
  readonly management: Management;
  /** Whether it has an e-mail connector. */
  readonly canSendEmail: boolean;
  /** How many invitations the organization holds. */
  readonly invitations: () => Promise<number>;
  readonly standIns: StandIns;
  readonly aws: AwsClients;
  readonly queue: { readonly url: string; readonly arn: string };
  /** Of every contender's container: where Logto, the secret and the queues are. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

const REGION = "us-east-1";
const SECRET_ID = "bench/logto";
const ORGANIZATION_ID = "bench";

/** No benchmark but those about limits reaches this. */
const NO_LIMIT = "100000";

/**
 * Opens a stage.
 *
 * @param settings of the stand-in for Logto.
 * @param options.onRealLogto use the Logto of the environment where it names one.
 * @param options.visibilityTimeoutSeconds of the queue.
 */
export async function openStage(
  settings: StandInSettings = {},
  options: { readonly onRealLogto?: boolean; readonly visibilityTimeoutSeconds?: number } = {},
): Promise<Stage> {
  const standIns = await startStandIns({
    ...settings,
    seed: {
      ...settings.seed,
      organizations: [{ id: ORGANIZATION_ID, name: "Bench" }],
    },
  });
  const aws = createAwsClients({ endpoint: standIns.awsEndpoint, region: REGION });
  const stopStandIns = async (): Promise<void> => {
    aws.destroy();
    await standIns.stop();
  };
  try {
    const credentials = options.onRealLogto ? realCredentials(process.env) : undefined;
    const logto = credentials ?? standIns.credentials;
    const management = await createManagement(() => logto);
    const real = credentials && (await openRealLogto(management));
    await aws.secretsManager.send(
      new CreateSecretCommand({ Name: SECRET_ID, SecretString: JSON.stringify(logto) }),
    );
    const queue = await createQueue(aws, "bench.fifo", options.visibilityTimeoutSeconds ?? 270);
    const deadLetters = await createQueue(aws, "bench-dead-letters.fifo", 30);
    return {
      logto,
      isReal: real !== undefined,
      management,
      canSendEmail: real?.canSendEmail ?? true,
      organizationId: real?.organizationId ?? ORGANIZATION_ID,
      invitations: real?.invitations ?? (async () => (await standIns.counts()).invitations),
      standIns,
      aws,
      queue,
      environment: {
        AWS_ENDPOINT_URL: standIns.awsEndpoint,
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        LOGTO_SECRET_ID: SECRET_ID,
        QUEUE_URL: queue.url,
        DEAD_LETTER_QUEUE_URL: deadLetters.url,
        LOGTO_REQUESTS_PER_SECOND: NO_LIMIT,
        LOGTO_REQUEST_BURST: NO_LIMIT,
        // For contenders that read no secret.
        BENCH_LOGTO: JSON.stringify(logto),
      },
      stop: async () => {
        await real?.stop();
        await stopStandIns();
      },
    };
  } catch (error) {
    await stopStandIns();
    throw error;
  }
}

async function createQueue(
  { sqs }: AwsClients,
  name: string,
  visibilityTimeoutSeconds: number,
): Promise<{ readonly url: string; readonly arn: string }> {
  const { QueueUrl: url = "" } = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { FifoQueue: "true", VisibilityTimeout: String(visibilityTimeoutSeconds) },
    }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: Attributes?.QueueArn ?? "" };
}

import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { QUEUE_NAMES, type QueueName } from "../../lib/events/queue-name.ts";
import type { Credentials } from "../../lib/logto/credentials.ts";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type Container, startContainer } from "../../local/aws/container.ts";
import { startEventSourceMapping } from "../../local/aws/event-source-mapping.ts";
import { createResources } from "../../local/aws/resources.ts";
import { startAwsStandIn } from "../../local/aws/server.ts";
import { type QueueProxy, startQueueProxy } from "./queue-proxy.ts";

/** Delays are this many times shorter: five seconds become a twentieth of one. */
const SCALE = 100;

/** Long enough for a batch, short enough to wait for what a killed container had. */
const FUNCTION_TIMEOUT_SECONDS = 15;
const VISIBILITY_TIMEOUT_SECONDS = 16;

export type Stage = {
  readonly queues: Readonly<Record<QueueName, StageQueue>>;
  /** Clients of the AWS stand-in itself, past the proxy. */
  readonly aws: ReturnType<typeof createAwsClients>;
  readonly proxy: QueueProxy;
  readonly setSecret: (credentials: Credentials) => Promise<void>;
  /** Begins to work through the queues. */
  readonly startWorkers: (onLine: (line: string) => void) => void;
  /** Kills a worker that has a batch in hand; `false` when none has. */
  readonly killBusyWorker: () => boolean;
  readonly stop: () => Promise<void>;
};

export type StageQueue = { readonly queueUrl: string; readonly deadLetterQueueUrl: string };

/**
 * Queues, secret and workers: the functions' own code in child processes, behind a proxy for AWS.
 *
 * @param containers how many of each function work at once.
 */
export async function openStage(
  credentials: Credentials,
  containers: Readonly<Record<QueueName, number>>,
  log: (line: string) => void,
): Promise<Stage> {
  const standIn = await startAwsStandIn();
  const proxy = await startQueueProxy(standIn.endpoint, SCALE);
  const aws = createAwsClients(standIn);
  const throughProxy = createAwsClients({ endpoint: proxy.endpoint, region: standIn.region });
  const resources = await createResources({
    config: declaration,
    clients: aws,
    secretValues: { Secret: JSON.stringify(credentials) },
  });
  const queueOf = (name: QueueName) => resources.queue(name);
  const deadLettersOf = (name: QueueName) => resources.queue(`${name}DeadLetters`);
  const secretId = resources.secret("Secret").arn;
  const busy = new Set<Container>();
  let mappings: readonly { stop: () => Promise<void> }[] = [];

  const startWorker = (name: QueueName, onLine: (line: string) => void): Container => {
    const container = startContainer({
      handler: `functions/${name}.handler`,
      directory: new URL("../..", import.meta.url).pathname,
      timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
      functionName: `faults-${name}`,
      onLine,
      environment: {
        AWS_ENDPOINT_URL: proxy.endpoint,
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        LOGTO_SECRET_ID: secretId,
        QUEUE_URL: onProxy(queueOf(name).url),
        DEAD_LETTER_QUEUE_URL: onProxy(deadLettersOf(name).url),
        MAXIMUM_CONCURRENCY: String(containers[name]),
        LOGTO_REQUESTS_PER_SECOND: "4000",
        LOGTO_REQUEST_BURST: "4000",
        LOGTO_TIMEOUT: "PT1S",
        LOGTO_EMAIL_TIMEOUT: "PT1S",
      },
    });
    return {
      ...container,
      invoke: async (...invocation) => {
        busy.add(container);
        try {
          return await container.invoke(...invocation);
        } finally {
          busy.delete(container);
        }
      },
    };
  };
  const urlsOf = (name: QueueName): StageQueue => ({
    queueUrl: queueOf(name).url,
    deadLetterQueueUrl: deadLettersOf(name).url,
  });
  const onProxy = (url: string): string => url.replace(standIn.endpoint, proxy.endpoint);

  return {
    queues: {
      invitations: urlsOf("invitations"),
      "role-scopes": urlsOf("role-scopes"),
    },
    aws,
    proxy,
    setSecret: async (changed) => {
      const SecretString = JSON.stringify(changed);
      await aws.secretsManager.send(
        new PutSecretValueCommand({ SecretId: secretId, SecretString }),
      );
    },
    startWorkers: (onLine) => {
      mappings = QUEUE_NAMES.map((name) =>
        startEventSourceMapping({
          queue: { ...queueOf(name), url: onProxy(queueOf(name).url) },
          sqs: throughProxy.sqs,
          createContainer: () => startWorker(name, onLine),
          maximumConcurrency: containers[name],
          reportBatchItemFailures: true,
          log,
        }),
      );
    },
    killBusyWorker: () => {
      const [worker] = busy;
      worker?.kill("SIGKILL");
      return worker !== undefined;
    },
    stop: async () => {
      await Promise.all(mappings.map((mapping) => mapping.stop()));
      throughProxy.destroy();
      aws.destroy();
      await proxy.stop();
      await standIn.stop();
    },
  };
}

const queuePair = (name: QueueName) => ({
  [name]: {
    Type: "AWS::SQS::Queue",
    Properties: {
      QueueName: `${name}.fifo`,
      FifoQueue: true,
      VisibilityTimeout: VISIBILITY_TIMEOUT_SECONDS,
      RedrivePolicy: {
        deadLetterTargetArn: { "Fn::GetAtt": [`${name}DeadLetters`, "Arn"] },
        maxReceiveCount: 100,
      },
    },
  },
  [`${name}DeadLetters`]: {
    Type: "AWS::SQS::Queue",
    Properties: { QueueName: `${name}-dead-letters.fifo`, FifoQueue: true },
  },
});

const declaration = {
  service: "faults",
  provider: {
    stage: "test",
    region: "us-east-1",
    timeout: FUNCTION_TIMEOUT_SECONDS,
    memorySize: 256,
    environment: {},
  },
  functions: {},
  resources: {
    Conditions: {},
    Resources: {
      ...queuePair("invitations"),
      ...queuePair("role-scopes"),
      Secret: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "faults" } },
    },
  },
};

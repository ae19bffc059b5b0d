import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type AwsStandIn, startAwsStandIn } from "../../local/aws/server.ts";

/** The SQS stand-in with a client to it. */
export type Queues = {
  readonly standIn: AwsStandIn;
  readonly sqs: SQSClient;
  /** For the SDK's clients that find everything in the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Creates a queue, FIFO when its name says so, and gives its URL. */
  readonly create: (name: string) => Promise<string>;
  /** Receives up to ten messages, for five minutes. */
  readonly receive: (queueUrl: string) => Promise<readonly Message[]>;
  /** Receives and deletes everything that is in the queue, in order. */
  readonly drain: (queueUrl: string) => Promise<readonly Message[]>;
  readonly stop: () => Promise<void>;
};

export async function startQueues(): Promise<Queues> {
  const standIn = await startAwsStandIn();
  const clients = createAwsClients(standIn);
  const { sqs } = clients;
  const receive = async (queueUrl: string): Promise<readonly Message[]> =>
    (await sqs.send(receiveTen(queueUrl))).Messages ?? [];
  return {
    standIn,
    sqs,
    environment: awsEnvironment(standIn.endpoint),
    create: async (name) => {
      const attributes = name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
      const command = new CreateQueueCommand({ QueueName: name, Attributes: attributes });
      return (await sqs.send(command)).QueueUrl ?? "";
    },
    receive,
    drain: async (queueUrl) => {
      const drained: Message[] = [];
      for (;;) {
        const messages = await receive(queueUrl);
        if (messages.length === 0) return drained;
        drained.push(...messages);
        for (const { ReceiptHandle } of messages) {
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }
      }
    },
    stop: async () => {
      clients.destroy();
      await standIn.stop();
    },
  };
}

/** An endpoint that refuses connections. A port that was free a moment ago may be taken by now. */
export const NOTHING_LISTENS = "http://127.0.0.1:1";

/** What the SDK's clients read, and nothing of what this machine may be configured for. */
export const awsEnvironment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
});

const receiveTen = (queueUrl: string): ReceiveMessageCommand =>
  new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 300,
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: ["All"],
  });

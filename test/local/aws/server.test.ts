import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAwsClients } from "../../../local/aws/clients.ts";
import { startStack } from "./stack.ts";

let stack: Awaited<ReturnType<typeof startStack>>;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const command = new CreateQueueCommand({ QueueName: name, Attributes: attributes });
  const { QueueUrl: url = "" } = await stack.clients.sqs.send(command);
  return url;
}

async function send(url: string, group: string, bodies: string[]): Promise<void> {
  for (const body of bodies) {
    const ids = { MessageGroupId: group, MessageDeduplicationId: `${group}-${body}` };
    const message = url.endsWith(".fifo") ? ids : {};
    await stack.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...message }),
    );
  }
}

async function receive(url: string, options: { max?: number; waitSeconds?: number } = {}) {
  const { Messages: messages = [] } = await stack.clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: options.max ?? 10,
      WaitTimeSeconds: options.waitSeconds ?? 0,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return messages.map((message) => ({
    body: message.Body ?? "",
    receiptHandle: message.ReceiptHandle,
    receiveCount: message.Attributes?.ApproximateReceiveCount,
  }));
}

const bodies = (messages: { body: string }[]) => messages.map(({ body }) => body);

test("queue URLs name the one address that is listened on, however the server was called", async () => {
  const url = await createQueue("urls");
  expect(url).toBe(`${stack.standIn.endpoint}/000000000000/urls`);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  const byName = new SQSClient({
    endpoint: stack.standIn.endpoint.replace("127.0.0.1", "localhost"),
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const found = await byName.send(new GetQueueUrlCommand({ QueueName: "urls" }));
  expect(found.QueueUrl).toBe(url);
  byName.destroy();
});

test("AWS_ENDPOINT_URL alone leads the SDK's clients to both services", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", stack.standIn.endpoint);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const clients = createAwsClients();
  const url = await createQueue("from-environment");
  const found = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: "from-environment" }));
  expect(found.QueueUrl).toBe(url);
  await expect(
    clients.secretsManager.send(new GetSecretValueCommand({ SecretId: "unknown" })),
  ).rejects.toThrow("can't find the specified secret");
  clients.destroy();
  vi.unstubAllEnvs();
});

test("a receive takes a FIFO group's messages in order and locks the group", async () => {
  const url = await createQueue("whole-groups.fifo", { FifoQueue: "true" });
  await send(url, "a", ["a1", "a2", "a3"]);
  await send(url, "b", ["b1"]);
  const first = await receive(url, { max: 2 });
  expect(bodies(first)).toEqual(["a1", "a2"]);
  expect(bodies(await receive(url))).toEqual(["b1"]);

  await stack.clients.sqs.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first[0]?.receiptHandle }),
  );
  expect(await receive(url)).toEqual([]);
  await stack.clients.sqs.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first[1]?.receiptHandle }),
  );
  expect(bodies(await receive(url))).toEqual(["a3"]);
});

test("messages made visible again come back in their order, whatever the order of asking", async () => {
  const url = await createQueue("back-in-order.fifo", { FifoQueue: "true" });
  await send(url, "a", ["a1", "a2", "a3", "a4"]);
  for (const { receiptHandle } of await receive(url, { max: 3 })) {
    await stack.clients.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }
  expect(bodies(await receive(url))).toEqual(["a1", "a2", "a3", "a4"]);
});

test("messages whose visibility timeout ended come back in their order", async () => {
  const url = await createQueue("expired.fifo", { FifoQueue: "true", VisibilityTimeout: "0" });
  await send(url, "a", ["a1", "a2", "a3"]);
  expect(bodies(await receive(url))).toEqual(["a1", "a2", "a3"]);
  const again = await receive(url, { waitSeconds: 5 });
  expect(bodies(again)).toEqual(["a1", "a2", "a3"]);
  expect(again[0]?.receiveCount).toBe("2");
});

test("a message that arrives after a client left its long poll is still there, unreceived", async () => {
  const url = await createQueue("abandoned-poll.fifo", { FifoQueue: "true" });
  const leaving = new AbortController();
  const poll = stack.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }),
    { abortSignal: leaving.signal },
  );
  await receive(url);
  leaving.abort();
  await expect(poll).rejects.toThrow();
  await send(url, "a", ["a1"]);
  const [message] = await receive(url, { waitSeconds: 5 });
  expect(message).toMatchObject({ body: "a1", receiveCount: "1" });
});

// The limit is below the twenty seconds of the poll.
test("stopping ends open long polls", { timeout: 19_000 }, async () => {
  const other = await startStack();
  const { QueueUrl } = await other.clients.sqs.send(
    new CreateQueueCommand({ QueueName: "polled" }),
  );
  const poll = other.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await other.clients.sqs.send(new GetQueueUrlCommand({ QueueName: "polled" }));
  await Promise.allSettled([poll, other.standIn.stop()]);
  other.clients.destroy();
});

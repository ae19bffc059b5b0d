import { DescribeSecretCommand, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createResources, type Resources } from "../../../local/aws/resources.ts";
import {
  readServerlessConfig,
  type ServerlessConfig,
} from "../../../local/aws/serverless-config.ts";
import { SERVICE_DIRECTORY, startStack } from "./stack.ts";

let stack: Awaited<ReturnType<typeof startStack>>;
let config: ServerlessConfig;
let resources: Resources;
const secretValues = { LogtoSecret: "the value" };

beforeAll(async () => {
  [stack, config] = await Promise.all([
    startStack(),
    readServerlessConfig({ directory: SERVICE_DIRECTORY }),
  ]);
  resources = await createResources({ config, clients: stack.clients, secretValues });
});
afterAll(() => stack.stop());

async function attributes(
  logicalId: string,
  names: QueueAttributeName[] = ["All"],
  of: Resources = resources,
) {
  const { url } = of.queue(logicalId);
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names });
  return (await stack.clients.sqs.send(command)).Attributes ?? {};
}

async function queueNames(prefix: string): Promise<string[]> {
  const found = await stack.clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  return (found.QueueUrls ?? []).map((url) => url.split("/").at(-1) ?? "");
}

test("queues get their attributes as declared", async () => {
  expect(resources.queue("Orders").name).toBe("fixture-dev-orders.fifo");
  expect(await attributes("Orders")).toMatchObject({
    FifoQueue: "true",
    DeduplicationScope: "messageGroup",
    FifoThroughputLimit: "perMessageGroupId",
    VisibilityTimeout: "2",
    MessageRetentionPeriod: "86400",
  });
  expect(await attributes("Notes")).toMatchObject({ VisibilityTimeout: "30" });
});

test("policies name the queues that were made", async () => {
  const { RedrivePolicy = "", Policy = "" } = await attributes("Orders");
  expect(JSON.parse(RedrivePolicy)).toEqual({
    deadLetterTargetArn: resources.queue("OrdersDeadLetters").arn,
    maxReceiveCount: 2,
  });
  expect(JSON.parse(Policy)).toMatchObject({
    Statement: [
      {
        Principal: { AWS: "arn:aws:iam::000000000000:root" },
        Resource: resources.queue("Orders").arn,
      },
    ],
  });
  const { RedriveAllowPolicy = "" } = await attributes("OrdersDeadLetters");
  expect(JSON.parse(RedriveAllowPolicy)).toEqual({ redrivePermission: "allowAll" });
});

test("a resource whose condition does not hold is left out, and Fn::If takes the other branch", async () => {
  expect(resources.queues.has("OnlyInProduction")).toBe(false);
  expect(await attributes("OrdersDeadLetters")).toMatchObject({ VisibilityTimeout: "0" });
});

test("the redrive policy works", async () => {
  const from = resources.queue("Orders").url;
  const to = resources.queue("OrdersDeadLetters").url;
  await stack.clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: from,
      MessageBody: "poison",
      MessageGroupId: "a",
      MessageDeduplicationId: "a",
    }),
  );
  const take = (QueueUrl: string, WaitTimeSeconds = 0) =>
    stack.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, VisibilityTimeout: 0 }),
    );
  expect((await take(from)).Messages).toHaveLength(1);
  expect((await take(from)).Messages).toHaveLength(1);
  expect((await take(from)).Messages).toBeUndefined();
  expect((await take(to)).Messages).toMatchObject([{ Body: "poison" }]);
});

test("a secret holds the value given for it", async () => {
  const { arn, name } = resources.secret("LogtoSecret");
  expect(name).toBe("fixture-dev/logto");
  const command = new GetSecretValueCommand({ SecretId: arn });
  const found = await stack.clients.secretsManager.send(command);
  expect(found.SecretString).toBe("the value");
});

test("a function's environment is resolved, without what does not exist locally", () => {
  const declared = { ...config.provider.environment, ...config.functions["orders"]?.environment };
  expect(resources.resolveEnvironment(declared)).toEqual({
    STAGE: "dev",
    SECRET_ID: resources.secret("LogtoSecret").arn,
    DEAD_LETTERS_URL: resources.queue("OrdersDeadLetters").url,
  });
});

test.each([
  [{ Ref: "AWS::AccountId" }, "000000000000"],
  [{ Ref: "AWS::Region" }, "us-east-1"],
  [{ Ref: "AWS::StackName" }, "fixture-dev"],
  [{ "Fn::GetAtt": ["Orders", "QueueName"] }, "fixture-dev-orders.fifo"],
  [300, "300"],
])("%j resolves to %s", (value, expected) => {
  expect(resources.resolve(value)).toBe(expected);
});

test("a reference to what does not exist locally is an error that names it", () => {
  expect(() => resources.resolve({ Ref: "Alarms" })).toThrow("Ref Alarms");
  expect(resources.resolve({ Ref: "Alarms" }, { optional: true })).toBeUndefined();
});

test("a prefix sets stacks apart, in names of at most 80 characters that keep .fifo", async () => {
  const prefix = `${"long-".repeat(12)}run-`;
  const clients = stack.clients;
  const apart = await createResources({ config, clients, secretValues, prefix });
  const names = [...apart.queues.values()].map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  for (const name of names) {
    expect(name.length).toBeLessThanOrEqual(80);
    expect(name.startsWith(prefix)).toBe(true);
  }
  expect(names.filter((name) => name.endsWith(".fifo"))).toHaveLength(3);
  const { RedriveAllowPolicy = "" } = await attributes("Notes", ["All"], apart);
  expect(JSON.parse(RedriveAllowPolicy)).toEqual({
    redrivePermission: "byQueue",
    sourceQueueArns: [apart.queue("Steps").arn],
  });
  expect(apart.secret("LogtoSecret").name).toBe(`${prefix}fixture-dev/logto`);
  await apart.remove();
});

test("remove() deletes everything, and can be repeated", async () => {
  const clients = stack.clients;
  const passing = await createResources({ config, clients, secretValues, prefix: "passing-" });
  const { arn } = passing.secret("LogtoSecret");
  expect(await queueNames("passing-")).toHaveLength(4);
  await passing.remove();
  await passing.remove();
  expect(await queueNames("passing-")).toEqual([]);
  await expect(
    clients.secretsManager.send(new DescribeSecretCommand({ SecretId: arn })),
  ).rejects.toThrow("can't find");
});

test("a creation that fails half way leaves nothing behind", async () => {
  const creation = createResources({
    config,
    clients: stack.clients,
    secretValues: {},
    prefix: "half-",
  });
  await expect(creation).rejects.toThrow("The secret LogtoSecret has no value");
  expect(await queueNames("half-")).toEqual([]);
});

test("a queue that exists already is neither used nor deleted", async () => {
  await stack.clients.sqs.send(new CreateQueueCommand({ QueueName: "taken-Notes" }));
  const creation = createResources({
    config,
    clients: stack.clients,
    secretValues,
    prefix: "taken-",
  });
  await expect(creation).rejects.toThrow("The queue taken-Notes exists already");
  expect(await queueNames("taken-")).toEqual(["taken-Notes"]);
});

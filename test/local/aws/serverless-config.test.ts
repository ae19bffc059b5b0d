import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readServerlessConfig } from "../../../local/aws/serverless-config.ts";
import { SERVICE_DIRECTORY } from "./stack.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "serverless-config-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("serverless.yml is read as the Serverless CLI resolves it", async () => {
  const config = await readServerlessConfig({ directory: SERVICE_DIRECTORY });
  expect(config.service).toBe("fixture");
  expect(config.provider).toMatchObject({ stage: "dev", environment: { STAGE: "dev" } });
  expect(config.functions["orders"]).toEqual({
    name: "fixture-dev-orders",
    handler: "handlers.orders",
    timeout: 5,
    environment: { DEAD_LETTERS_URL: { Ref: "OrdersDeadLetters" }, TOPIC_ARN: { Ref: "Alarms" } },
    events: [
      {
        sqs: {
          arn: { "Fn::GetAtt": ["Orders", "Arn"] },
          batchSize: 10,
          maximumConcurrency: 2,
          functionResponseType: "ReportBatchItemFailures",
          enabled: true,
        },
      },
    ],
  });
  expect(config.resources.Resources["Orders"]).toMatchObject({
    Type: "AWS::SQS::Queue",
    Properties: { QueueName: "fixture-dev-orders.fifo" },
  });
});

test("a stage changes what its variables resolve to", async () => {
  const config = await readServerlessConfig({ directory: SERVICE_DIRECTORY, stage: "production" });
  expect(config.provider.stage).toBe("production");
  expect(config.resources.Resources["Orders"]?.Properties).toMatchObject({
    QueueName: "fixture-production-orders.fifo",
  });
});

test("without a serverless.yml the CLI's own words say so", async () => {
  await rm(join(directory, "serverless.yml"), { force: true });
  await expect(readServerlessConfig({ directory })).rejects.toThrow(
    /serverless\.yml could not be read: .*can only be run in a service directory/,
  );
});

test("a mistake in serverless.yml is told in the CLI's own words", async () => {
  await write("functions:\n  orders: { handler: handlers.orders, timeout: soon }\n");
  await expect(readServerlessConfig({ directory })).rejects.toThrow(
    /serverless\.yml could not be read: .*'functions\.orders\.timeout': must be integer$/,
  );
});

test("what can be deployed but not run here is named by its path", async () => {
  const image = `000000000000.dkr.ecr.us-east-1.amazonaws.com/orders@sha256:${"0".repeat(64)}`;
  await write(`functions:\n  orders: { image: "${image}" }\n`);
  await expect(readServerlessConfig({ directory })).rejects.toThrow(
    /serverless\.yml is not what the local stack expects at functions\.orders\.handler: /,
  );
});

function write(functions: string): Promise<void> {
  const head = "service: odd\nprovider: { name: aws, runtime: nodejs24.x }\n";
  return writeFile(join(directory, "serverless.yml"), head + functions);
}

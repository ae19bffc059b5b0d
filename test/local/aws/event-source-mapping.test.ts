import { randomUUID } from "node:crypto";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Container, startContainer } from "../../../local/aws/container.ts";
import {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from "../../../local/aws/event-source-mapping.ts";
import { createResources, type Resources } from "../../../local/aws/resources.ts";
import {
  readServerlessConfig,
  type ServerlessConfig,
} from "../../../local/aws/serverless-config.ts";
import { SERVICE_DIRECTORY, startStack } from "./stack.ts";

let stack: Awaited<ReturnType<typeof startStack>>;
let config: ServerlessConfig;
let resources: Resources;
let mappings: EventSourceMapping[] = [];
let logged: string[] = [];

beforeAll(async () => {
  config = await readServerlessConfig({ directory: SERVICE_DIRECTORY });
  stack = await startStack();
});
afterAll(() => stack.stop());

beforeEach(async () => {
  resources = await createStackResources();
});
afterEach(async () => {
  await Promise.all(mappings.map((mapping) => mapping.stop()));
  mappings = [];
  logged = [];
});

function createStackResources(): Promise<Resources> {
  const { clients } = stack;
  const prefix = `${randomUUID().slice(0, 8)}-`;
  return createResources({ config, clients, secretValues: { LogtoSecret: "none" }, prefix });
}

function map(options: Partial<EventSourceMappingOptions> = {}): EventSourceMapping {
  const mapping = startEventSourceMapping({
    queue: resources.queue("Orders"),
    sqs: stack.clients.sqs,
    createContainer: () => ordersContainer(),
    reportBatchItemFailures: true,
    log: (line) => logged.push(line),
    ...options,
  });
  mappings.push(mapping);
  return mapping;
}

/** The fixture's function `orders` in a process of its own. */
function ordersContainer(lines: string[] = [], timeoutSeconds = 30): Container {
  return startContainer({
    handler: "handlers.orders",
    directory: SERVICE_DIRECTORY,
    environment: {},
    timeoutSeconds,
    onLine: (line) => lines.push(line),
  });
}

/** A container without a process, for what is about the mapping alone. */
function inlineContainer(invoke: (event: SQSEvent) => Promise<unknown>): Container {
  const run = (payload: unknown) => invoke(isSqsEvent(payload) ? payload : { Records: [] });
  return { invoke: run, stop: async () => undefined, kill: () => undefined };
}

function isSqsEvent(payload: unknown): payload is SQSEvent {
  return typeof payload === "object" && payload !== null && "Records" in payload;
}

async function send(order: { do: string; name: string }, group?: string, id = "Orders") {
  const fifo = { MessageGroupId: group, MessageDeduplicationId: order.name };
  await stack.clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: resources.queue(id).url,
      MessageBody: JSON.stringify(order),
      ...(group !== undefined && fifo),
    }),
  );
}

/** How many messages a queue holds, received ones included. */
async function count(logicalId: string): Promise<number> {
  const { Attributes: found = {} } = await stack.clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: resources.queue(logicalId).url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return (
    Number(found.ApproximateNumberOfMessages) + Number(found.ApproximateNumberOfMessagesNotVisible)
  );
}

const untilEmpty = (logicalId: string) =>
  vi.waitFor(async () => expect(await count(logicalId)).toBe(0), { timeout: 50_000, interval: 20 });

/** Takes the next dead letter off its queue. */
async function nextDeadLetter(): Promise<string> {
  const QueueUrl = resources.queue("OrdersDeadLetters").url;
  const { Messages: [message] = [] } = await stack.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 15, VisibilityTimeout: 60 }),
  );
  const ReceiptHandle = message?.ReceiptHandle;
  await stack.clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const order: { name: string } = JSON.parse(message?.Body ?? "{}");
  return order.name;
}

test("what is done is deleted, and what was reported comes again", async () => {
  const lines: string[] = [];
  const container = ordersContainer(lines);
  // Loaded beforehand: the queue's visibility timeout is two seconds.
  await container.invoke({ Records: [] });
  await send({ do: "note", name: "a1" }, "a");
  await send({ do: "fail-once", name: "b1" }, "b");
  await send({ do: "note", name: "c1" }, "c");
  map({ createContainer: () => container, maximumConcurrency: 1 });
  await untilEmpty("Orders");
  expect(lines.toSorted()).toEqual([
    "fail-once b1 group=b receiveCount=1",
    "fail-once b1 group=b receiveCount=2",
    "note a1 group=a receiveCount=1",
    "note c1 group=c receiveCount=1",
  ]);
  expect(await count("OrdersDeadLetters")).toBe(0);
});

test("a message that makes its function throw, crash or hang is tried again and then a dead letter", async () => {
  const lines: string[] = [];
  for (const poison of ["throw", "exit", "hang"]) {
    await send({ do: poison, name: `${poison}-poison` }, poison);
    await send({ do: "note", name: `${poison}-next` }, poison);
  }
  map({ createContainer: () => ordersContainer(lines, 1), batchSize: 1, maximumConcurrency: 4 });
  const deadLetters = [await nextDeadLetter(), await nextDeadLetter(), await nextDeadLetter()];
  expect(deadLetters.toSorted()).toEqual(["exit-poison", "hang-poison", "throw-poison"]);
  const kept = (why: string) => `1 message(s) kept: the function failed with ${why}.`;
  await vi.waitFor(
    () => {
      expect(lines).toEqual(
        expect.arrayContaining([
          ...deadLetters.flatMap((name) => {
            const does = name.replace("-poison", "");
            const tries = `${does} ${name} group=${does} receiveCount=`;
            return [`${tries}1`, `${tries}2`];
          }),
          "note throw-next group=throw receiveCount=1",
          "note exit-next group=exit receiveCount=1",
          "note hang-next group=hang receiveCount=1",
        ]),
      );
      expect(logged).toEqual(
        expect.arrayContaining([
          kept("TypeError"),
          kept("Runtime.ExitError"),
          kept("Sandbox.Timedout"),
        ]),
      );
    },
    { timeout: 50_000 },
  );
});

test("an answer that is no batch response keeps the whole batch", async () => {
  await send({ do: "answer-nonsense", name: "a1" }, "a");
  map();
  const line = "1 message(s) kept: the answer is no valid batch response.";
  await vi.waitFor(() => expect(logged).toContain(line), { timeout: 50_000 });
  expect(await count("Orders")).toBe(1);
});

test("without ReportBatchItemFailures any answer means done", async () => {
  await send({ do: "note", name: "a1" }, "a");
  const failAll = inlineContainer(async ({ Records: records }) => ({
    batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })),
  }));
  map({ reportBatchItemFailures: false, createContainer: () => failAll });
  await untilEmpty("Orders");
  expect(await count("OrdersDeadLetters")).toBe(0);
});

test("several containers keep the order within each group", async () => {
  const seen: Record<string, string[]> = {};
  const groups = ["a", "b", "c", "d"];
  const names = Array.from({ length: 12 }, (_, index) => String(index).padStart(2, "0"));
  for (const name of names) {
    for (const group of groups)
      await send({ do: "note", name: `${group}-${name}` }, group, "Steps");
  }
  const working = new Set<string>();
  const createContainer = () =>
    inlineContainer(async ({ Records: records }) => {
      const inBatch = new Set(records.map((record) => record.attributes.MessageGroupId ?? ""));
      for (const group of inBatch) {
        expect(working).not.toContain(group);
        working.add(group);
      }
      // Gives the other batches their turn while this one is under way.
      await count("Steps");
      for (const { body } of records) {
        const { name }: { name: string } = JSON.parse(body);
        const [group = "", number = ""] = name.split("-");
        seen[group] = [...(seen[group] ?? []), number];
      }
      for (const group of inBatch) working.delete(group);
    });
  map({ queue: resources.queue("Steps"), createContainer, batchSize: 5, maximumConcurrency: 3 });
  await untilEmpty("Steps");
  expect(seen).toEqual(Object.fromEntries(groups.map((group) => [group, names])));
});

test("no more batches at once than maximumConcurrency, and containers are reused", async () => {
  const gates: (() => void)[] = [];
  let containers = 0;
  let peak = 0;
  let open = 0;
  const createContainer = () => {
    containers += 1;
    return inlineContainer(async () => {
      open += 1;
      peak = Math.max(peak, open);
      await new Promise<void>((resolve) => gates.push(resolve));
      open -= 1;
    });
  };
  for (const name of ["1", "2", "3", "4", "5"])
    await send({ do: "note", name }, undefined, "Notes");
  const notes = resources.queue("Notes");
  map({ queue: notes, createContainer, batchSize: 1, maximumConcurrency: 2 });
  for (let done = 0; done < 5; done += 1) {
    await vi.waitFor(() => expect(gates.length).toBe(Math.min(2, 5 - done)));
    gates.shift()?.();
  }
  await untilEmpty("Notes");
  expect({ peak, containers }).toEqual({ peak: 2, containers: 2 });
});

test("stop() lets a batch finish and leaves later messages to be received by others", async () => {
  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let stopped = false;
  const createContainer = () => ({
    ...inlineContainer(async () => {
      started.resolve();
      await gate.promise;
    }),
    stop: async () => {
      stopped = true;
    },
  });
  await send({ do: "note", name: "first" }, undefined, "Notes");
  const mapping = map({ queue: resources.queue("Notes"), createContainer });
  await started.promise;
  const stopping = mapping.stop();
  expect(stopped).toBe(false);
  gate.resolve();
  await stopping;
  expect(stopped).toBe(true);
  expect(await count("Notes")).toBe(0);

  await send({ do: "note", name: "second" }, undefined, "Notes");
  const QueueUrl = resources.queue("Notes").url;
  const later = await stack.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }),
  );
  expect(later.Messages).toHaveLength(1);
});

test("a queue that cannot be reached for a while is polled again", async () => {
  const lines: string[] = [];
  const own = await startStack();
  const port = Number(new URL(own.standIn.endpoint).port);
  const options = { config, secretValues: { LogtoSecret: "none" } };
  const before = await createResources({ ...options, clients: own.clients });
  const queue = before.queue("Orders");
  const { sqs } = own.clients;
  map({ queue, sqs, createContainer: () => ordersContainer(lines) });
  await own.standIn.stop();
  await vi.waitFor(() => expect(logged).toHaveLength(1), { timeout: 50_000 });

  const back = await startStack({ port });
  await createResources({ ...options, clients: back.clients });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: JSON.stringify({ do: "note", name: "a1" }),
      MessageGroupId: "a",
      MessageDeduplicationId: "a1",
    }),
  );
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 50_000 });
  expect(logged).toEqual([
    expect.stringMatching(/^The queue cannot be reached, trying on: \w+\.$/),
    "The queue can be reached again.",
  ]);
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
  own.clients.destroy();
  await back.stop();
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ActOptions, discardDeadLetters } from "../../../lib/dead-letters/act.ts";
import type { QueuePair } from "../../../lib/dead-letters/queue.ts";
import {
  createPair,
  eventIdsOf,
  peek,
  putLetter,
  putLetters,
  roleScopesEvent,
} from "../../support/dead-letters.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { type SqsProxySteps, startSqsProxy } from "../../support/sqs-proxy.ts";

let queues: Queues;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.stop());

const newPair = () => createPair(queues, `discard-${randomUUID()}`);

async function discard(
  pair: QueuePair,
  options: Partial<ActOptions> = {},
  steps: SqsProxySteps = {},
) {
  const proxy = await startSqsProxy(queues.standIn.endpoint, steps);
  onTestFinished(proxy.stop);
  return discardDeadLetters(proxy.sqs, [pair], { filter: {}, dryRun: false, ...options });
}

const nothingLeftOut = { leftOut: 0, leftOutRoles: [], notSeen: 0 };
const left = async (pair: QueuePair) => eventIdsOf(await peek(queues, pair.deadLetterQueueUrl));

test("discarding deletes letters for good, and sends nothing", async () => {
  const pair = await newPair();
  const ids = Array.from({ length: 12 }, (_, index) => `event-${index}`);
  await putLetters(queues, pair, "a", ids);
  await putLetters(queues, pair, "b", ["b1"]);
  expect(await discard(pair)).toMatchObject({ done: 13, seen: 13, ...nothingLeftOut });
  expect(await left(pair)).toEqual([]);
  expect(await peek(queues, pair.queueUrl)).toEqual([]);
});

test("discarding deletes what writes a whole state as well: there is nothing it could undo", async () => {
  const pair = await newPair();
  await putLetter(queues, pair, { body: roleScopesEvent("r1", "replace", "admin") });
  expect(await discard(pair)).toMatchObject({ done: 1, seen: 1, ...nothingLeftOut });
});

test("discarding by a filter leaves the others for all to see", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", ["a1", "a2"]);
  await putLetter(queues, pair, { group: "b", attributes: { reason: "invalid" } });
  const filter = { reason: "invalid" };
  expect(await discard(pair, { filter })).toMatchObject({ done: 1, seen: 3, ...nothingLeftOut });
  expect(await left(pair)).toEqual(["a1", "a2"]);
});

test("a dry run counts and deletes nothing", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", ["a1", "a2"]);
  expect(await discard(pair, { dryRun: true })).toMatchObject({
    done: 2,
    seen: 2,
    ...nothingLeftOut,
  });
  expect(await left(pair)).toEqual(["a1", "a2"]);
});

test("a failure ends the discarding, and what was not deleted is there for all to see", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", ["a1", "a2", "a3"]);
  let deletes = 0;
  const before: SqsProxySteps["before"] = ({ operation }) => {
    if (operation !== "DeleteMessage") return "pass";
    deletes += 1;
    return deletes === 2 ? "refuse" : "pass";
  };
  await expect(discard(pair, {}, { before })).rejects.toThrow("asked for");
  expect(await left(pair)).toEqual(["a2", "a3"]);
});

test("an interruption leaves what was not reached", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", ["a1", "a2", "a3"]);
  const controller = new AbortController();
  const after: SqsProxySteps["after"] = ({ operation }) => {
    if (operation === "DeleteMessage") controller.abort();
  };
  const result = await discard(pair, { signal: controller.signal }, { after });
  expect(result).toMatchObject({ done: 1, seen: 1, ...nothingLeftOut, notSeen: 2 });
  expect(await left(pair)).toEqual(["a2", "a3"]);
});

import { randomUUID } from "node:crypto";
import {
  afterAll,
  afterEach,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from "vitest";
import { redriveDeadLetters } from "../../../lib/dead-letters/act.ts";
import type { QueuePair } from "../../../lib/dead-letters/queue.ts";
import { createPair, eventIdsOf, peek, putLetters } from "../../support/dead-letters.ts";
import { startQueues } from "../../support/queues.ts";
import { type SqsProxySteps, startSqsProxy, type Verdict } from "../../support/sqs-proxy.ts";

const queues = await startQueues();
afterAll(() => queues.stop());

// The stand-in lives in this process, so its visibility timeouts follow this clock.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

const LETTERS = ["a1", "a2", "b1"];

async function filledPair(): Promise<QueuePair> {
  const pair = await createPair(queues, `failures-${randomUUID()}`);
  await putLetters(queues, pair, "a", ["a1", "a2"]);
  await putLetters(queues, pair, "b", ["b1"]);
  return pair;
}

async function redrive(pair: QueuePair, steps: SqsProxySteps = {}) {
  const proxy = await startSqsProxy(queues.standIn.endpoint, steps);
  const options = { filter: {}, dryRun: false, wholeState: false, perSecond: 1000 };
  return {
    running: redriveDeadLetters(proxy.sqs, [pair], options),
    operations: () => proxy.calls.map(({ operation }) => operation),
    stop: proxy.stop,
  };
}

/** What a redrive of the three letters asks of SQS when nothing hinders it: a row for each call. */
async function callsOfRedrive() {
  const { running, operations, stop } = await redrive(await filledPair());
  await running;
  await stop();
  return operations().map((operation, index) => ({ number: index + 1, operation }));
}

const rows = await callsOfRedrive();

test("the table has a row for each call, three sends and three deletes among them", () => {
  const calls = rows.map(({ operation }) => operation);
  expect(calls.filter((call) => call === "SendMessage")).toHaveLength(3);
  expect(calls.filter((call) => call === "DeleteMessage")).toHaveLength(3);
});

/** The failures of one row: the call, or from it on all of them. */
const failures: readonly (readonly [string, Verdict, (number: number, nth: number) => boolean])[] =
  [
    ["is refused", "refuse", (number, nth) => number === nth],
    ["is carried out and its answer lost", "lose-answer", (number, nth) => number === nth],
    ["is refused, and so is all after it", "refuse", (number, nth) => number >= nth],
  ];

describe.each(failures)("when a call %s", (_, verdict, strikes) => {
  test.each(rows)(
    "nothing is lost, and a second redrive finishes the work: call $number, $operation",
    async ({ number: nth, operation }) => {
      const pair = await filledPair();
      const before: SqsProxySteps["before"] = ({ number }) =>
        strikes(number, nth) ? verdict : "pass";
      const { running, operations, stop } = await redrive(pair, { before });
      onTestFinished(stop);
      await expect(running).rejects.toThrow();
      expect(operations()[nth - 1]).toBe(operation);

      // Letters that nobody could give back are out of sight until their hold ends.
      const isReleased = !strikes(nth + 1, nth) && operation !== "ReceiveMessage";
      if (!isReleased) vi.setSystemTime(Date.now() + 60_000);
      const letters = eventIdsOf(await peek(queues, pair.deadLetterQueueUrl));
      const processed = eventIdsOf(await queues.drain(pair.queueUrl));
      expect([...new Set([...processed, ...letters])].toSorted()).toEqual(LETTERS);

      const second = await redrive(pair);
      onTestFinished(second.stop);
      expect(await second.running).toMatchObject({ done: letters.length, notSeen: 0 });
      processed.push(...eventIdsOf(await queues.drain(pair.queueUrl)));
      expect(processed.toSorted()).toEqual(LETTERS);
      expect(processed.filter((id) => id.startsWith("a"))).toEqual(["a1", "a2"]);
      expect(await peek(queues, pair.deadLetterQueueUrl)).toEqual([]);
    },
  );
});

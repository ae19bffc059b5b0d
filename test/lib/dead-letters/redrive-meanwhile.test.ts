import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { createCrashingPair, peek, putLetter, putLetters } from "../../support/dead-letters.ts";
import type { SqsProxySteps } from "../../support/sqs-proxy.ts";
import { nothingLeftOut, numbered, startRedriving } from "./redriving.ts";

const { queues, newPair, redrive, inQueue, leftBehind } = await startRedriving();
afterAll(() => queues.stop());

describe("letters that come back while the work goes on", () => {
  test("are left for another time: the work ends, and everything was redriven once", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", numbered(12));
    await putLetters(queues, pair, "b", ["b1", "b2"]);
    // A consumer that gives up at once, before the redrive hears that its message was taken.
    const after: SqsProxySteps["after"] = async ({ operation }) => {
      if (operation !== "SendMessage") return;
      for (const { Body = "", Attributes, MessageId = "" } of await queues.drain(pair.queueUrl)) {
        const group = Attributes?.MessageGroupId ?? "";
        const rejectedMessageId = MessageId;
        await putLetter(queues, pair, { body: Body, group, ageMs: 0, rejectedMessageId });
      }
    };
    const { result, calls } = await redrive([pair], {}, { after });

    expect(result).toMatchObject({ done: 14, leftOut: 0 });
    expect(calls.filter(({ operation }) => operation === "SendMessage")).toHaveLength(14);
    expect((await leftBehind(pair)).toSorted()).toEqual([...numbered(12), "b1", "b2"].toSorted());
  });

  test("because SQS moved them are left for another time, too", async () => {
    const pair = await createCrashingPair(queues, `crashing-${randomUUID()}`);
    await putLetters(queues, pair, "a", ["a1", "a2"]);
    await putLetters(queues, pair, "b", ["b1"]);
    // A consumer that crashes at once: what it had is in the dead letters when it asks again.
    const after: SqsProxySteps["after"] = async ({ operation }) => {
      if (operation !== "SendMessage") return;
      expect(await peek(queues, pair.queueUrl)).toHaveLength(1);
      expect(await peek(queues, pair.queueUrl)).toEqual([]);
    };
    const { result, calls } = await redrive([pair], {}, { after });
    expect(result).toMatchObject({ done: 3 });
    expect(calls.filter(({ operation }) => operation === "SendMessage")).toHaveLength(3);
    expect((await leftBehind(pair)).toSorted()).toEqual(["a1", "a2", "b1"]);
  });

  test("are redriven by the next run", async () => {
    const pair = await createCrashingPair(queues, `crashing-${randomUUID()}`);
    await putLetters(queues, pair, "a", ["a1"]);
    await redrive([pair]);
    await peek(queues, pair.queueUrl);
    await peek(queues, pair.queueUrl);
    const { result } = await redrive([pair]);
    expect(result).toMatchObject({ done: 1, seen: 1, ...nothingLeftOut });
  });
});

describe("an interruption", () => {
  test("ends the work between two letters: the one in hand is finished, the others stay for all to see", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1", "a2", "a3", "a4"]);
    await putLetters(queues, pair, "b", ["b1"]);
    const controller = new AbortController();
    let sent = 0;
    const after: SqsProxySteps["after"] = ({ operation }) => {
      if (operation === "SendMessage") sent += 1;
      if (sent === 2) controller.abort();
    };
    const { result } = await redrive([pair], { signal: controller.signal }, { after });

    expect(await inQueue(pair)).toEqual(["a1", "a2"]);
    expect(await leftBehind(pair)).toEqual(["a3", "a4", "b1"]);
    expect(result.done).toBe(2);
    expect(result).toMatchObject({ done: 2, seen: 2, ...nothingLeftOut, notSeen: 3 });
  });

  test("does not wait for the rate", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1", "a2"]);
    const controller = new AbortController();
    const after: SqsProxySteps["after"] = ({ operation }) => {
      if (operation === "DeleteMessage") controller.abort();
    };
    // Were it to wait, a letter an hour would be for longer than this test may take.
    const options = { signal: controller.signal, perSecond: 1 / 3_600 };
    const { result } = await redrive([pair], options, { after });
    expect(result).toMatchObject({ done: 1, notSeen: 1 });
    expect(await leftBehind(pair)).toEqual(["a2"]);
  });

  test("before the beginning redrives nothing", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1"]);
    const { result } = await redrive([pair], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ done: 0 });
    expect(await leftBehind(pair)).toEqual(["a1"]);
  });
});

test("letters that another reader holds are counted as not looked at", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", ["a1", "a2"]);
  await queues.receive(pair.deadLetterQueueUrl);
  const { result } = await redrive([pair]);
  expect(result).toMatchObject({ done: 0, seen: 0, ...nothingLeftOut, notSeen: 2 });
});

test("an estimate that is too low hides nothing: a letter is redriven, or counted as not looked at", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", ["a1", "a2", "a3"]);
  // SQS's count of messages lags behind by up to a minute.
  const rewrite: SqsProxySteps["rewrite"] = ({ operation }, answer) =>
    operation === "GetQueueAttributes"
      ? answer.replace(/("ApproximateNumberOfMessages(?:NotVisible)?":)"\d+"/g, '$1"0"')
      : answer;
  const { result } = await redrive([pair], {}, { rewrite });
  expect(result.done + result.notSeen).toBeGreaterThanOrEqual(3);
  expect([...(await inQueue(pair)), ...(await leftBehind(pair))]).toEqual(["a1", "a2", "a3"]);
});

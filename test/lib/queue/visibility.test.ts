import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Delay } from "../../../lib/queue/batch.ts";
import { changeVisibility } from "../../../lib/queue/visibility.ts";
import { sqsClient } from "../../../lib/runtime/sqs.ts";
import { type Queues, startQueues } from "../../support/queues.ts";

let queues: Queues;
beforeAll(async () => {
  queues = await startQueues();
  for (const [name, value] of Object.entries(queues.environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  sqsClient().destroy();
  vi.unstubAllEnvs();
  await queues.stop();
});

/** A queue with messages of a group each, all received and invisible. */
async function receivedMessages(name: string, count: number) {
  const url = await queues.create(name);
  const handles: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const ids = { MessageGroupId: `group-${index}`, MessageDeduplicationId: `${index}` };
    await queues.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: `message-${index}`, ...ids }),
    );
  }
  while (handles.length < count) {
    const messages = await queues.receive(url);
    handles.push(...messages.map(({ ReceiptHandle = "" }) => ReceiptHandle));
  }
  expect(await queues.receive(url)).toEqual([]);
  return { url, handles };
}

const bodies = async (url: string) => (await queues.drain(url)).map(({ Body = "" }) => Body).sort();

const withDelay =
  (seconds: number) =>
  (receiptHandle: string): Delay => ({ receiptHandle, seconds });

describe("changing when messages come again", () => {
  test("brings back at once those with 0 seconds, and only those", async () => {
    const { url, handles } = await receivedMessages("some.fifo", 3);
    const [first = "", second = "", third = ""] = handles;
    await changeVisibility(url, [withDelay(0)(first), withDelay(900)(second), withDelay(0)(third)]);
    expect(await bodies(url)).toEqual(["message-0", "message-2"]);
  });

  test("takes more than the ten of one call", async () => {
    const { url, handles } = await receivedMessages("many.fifo", 23);
    await changeVisibility(url, handles.map(withDelay(0)));
    expect(await bodies(url)).toHaveLength(23);
  });

  test("takes the longest there is", async () => {
    const { url, handles } = await receivedMessages("longest.fifo", 1);
    await changeVisibility(url, handles.map(withDelay(43_200)));
    expect(await bodies(url)).toEqual([]);
  });

  test("of none asks nothing of SQS", async () => {
    await changeVisibility("http://127.0.0.1:9/0/none.fifo", []);
  });
});

describe("a change that SQS refuses", () => {
  const bad = withDelay(0)("no such handle");

  test("is an error that says how many and why, and the others of the call are made", async () => {
    const { url, handles } = await receivedMessages("one-refused.fifo", 2);
    const changing = changeVisibility(url, [bad, ...handles.map(withDelay(0))]);
    await expect(changing).rejects.toThrow("SQS refused 1 of 3 changes: ReceiptHandleIsInvalid");
    expect(await bodies(url)).toHaveLength(2);
  });

  test("does not keep those of later calls from being made", async () => {
    const { url, handles } = await receivedMessages("later-calls.fifo", 12);
    await expect(changeVisibility(url, [bad, ...handles.map(withDelay(0))])).rejects.toThrow();
    expect(await bodies(url)).toHaveLength(12);
  });

  test("for the whole queue is an error", async () => {
    const missing = `${queues.standIn.endpoint}/000000000000/missing.fifo`;
    await expect(changeVisibility(missing, [bad])).rejects.toThrow();
  });
});

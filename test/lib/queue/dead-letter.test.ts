import type { Message } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Reject } from "../../../lib/events/outcome.ts";
import { sendDeadLetter } from "../../../lib/queue/dead-letter.ts";
import { queueMessage } from "../../../lib/queue/record.ts";
import { sqsClient } from "../../../lib/runtime/sqs.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { type RecordFields, SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const FAILED_AT = SENT_AT + 60_000;

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

const rejected: Reject = { outcome: "reject", reason: "expired", sentence: "It came too late." };

function send(queueUrl: string, fields: RecordFields = {}, outcome: Reject = rejected) {
  const message = queueMessage(sqsRecord(fields), FAILED_AT);
  return sendDeadLetter(queueUrl, message, outcome, "invitations", FAILED_AT);
}

const attributesOf = (message: Message | undefined) =>
  Object.fromEntries(
    Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]),
  );

describe("a dead letter", () => {
  test("holds the body as it came, its group, and what happened in its attributes", async () => {
    const url = await queues.create("whole.fifo");
    const fields = { group: "group-7", receiveCount: 3, firstReceivedAt: SENT_AT + 1_000 };
    await send(url, fields, { ...rejected, logtoRequestId: "request-1" });

    const [message, ...others] = await queues.drain(url);
    expect(others).toEqual([]);
    expect(message?.Body).toBe(sqsRecord(fields).body);
    expect(message?.Attributes).toMatchObject({
      MessageGroupId: "group-7",
      MessageDeduplicationId: "message-1",
    });
    expect(attributesOf(message)).toEqual({
      reason: "expired",
      sentence: "It came too late.",
      function: "invitations",
      eventId: "event-1",
      sentAt: "2026-03-01T12:00:00.000Z",
      firstReceivedAt: "2026-03-01T12:00:01.000Z",
      failedAt: "2026-03-01T12:01:00.000Z",
      receiveCount: "3",
      logtoRequestId: "request-1",
    });
    // SQS takes ten attributes at most, and this letter has all there are.
    expect(Object.keys(attributesOf(message)).length).toBeLessThanOrEqual(10);
  });

  test("of a message that was redriven says when its event was sent first", async () => {
    const url = await queues.create("redriven.fifo");
    await send(url, {
      firstSentAt: "2026-02-20T08:00:00.000Z",
      deadLetteredAt: "2026-02-28T12:00:00.000Z",
    });
    const [message] = await queues.drain(url);
    expect(attributesOf(message)).toMatchObject({ sentAt: "2026-02-20T08:00:00.000Z" });
  });

  test("of what is no event names no event, and its body is still as it came", async () => {
    const url = await queues.create("no-event.fifo");
    await send(url, { body: "no JSON\n" });
    const [message] = await queues.drain(url);
    expect(message?.Body).toBe("no JSON\n");
    expect(Object.keys(attributesOf(message))).not.toContain("eventId");
  });

  test("sent a second time is not there twice", async () => {
    const url = await queues.create("again.fifo");
    await send(url);
    await send(url, { receiveCount: 2 }, { ...rejected, sentence: "Still." });
    const messages = await queues.drain(url);
    expect(messages.map((message) => attributesOf(message)["sentence"])).toEqual([
      "It came too late.",
    ]);
  });

  test("of another message with the same body is there as well", async () => {
    const url = await queues.create("same-body.fifo");
    await send(url, { messageId: "message-1" });
    await send(url, { messageId: "message-2" });
    expect(await queues.drain(url)).toHaveLength(2);
  });

  test("keeps a sentence to a length for reading", async () => {
    const url = await queues.create("long.fifo");
    await send(url, {}, { ...rejected, sentence: "x".repeat(300_000) });
    const [message] = await queues.drain(url);
    expect(attributesOf(message)["sentence"]).toBe("x".repeat(1_000));
  });

  test("goes to a standard queue too, which has no groups", async () => {
    const url = await queues.create("standard");
    await send(url);
    const [message] = await queues.drain(url);
    expect(attributesOf(message)).toMatchObject({ reason: "expired" });
    expect(message?.Attributes).not.toHaveProperty("MessageGroupId");
  });

  test("that the queue does not take is an error, so that the message is kept", async () => {
    const missing = `${queues.standIn.endpoint}/000000000000/missing.fifo`;
    await expect(send(missing)).rejects.toThrow();
  });
});

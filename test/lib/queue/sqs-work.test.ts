import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { processBatch } from "../../../lib/queue/batch.ts";
import { deadlineOf } from "../../../lib/queue/deadline.ts";
import { sqsWork } from "../../../lib/queue/sqs-work.ts";
import { changeVisibility } from "../../../lib/queue/visibility.ts";
import { settingsReader } from "../../../lib/runtime/settings.ts";
import { sqsClient } from "../../../lib/runtime/sqs.ts";
import { batchWork, reject, retry } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { sqsRecord } from "../../support/sqs-record.ts";

describe("what a queue function must be told", () => {
  const urls = { QUEUE_URL: "http://127.0.0.1/0/q", DEAD_LETTER_QUEUE_URL: "http://127.0.0.1/0/d" };

  test.each([
    ["QUEUE_URL", "the URL of the queue the function reads"],
    ["DEAD_LETTER_QUEUE_URL", "the URL of that queue's dead-letter queue"],
  ])("is %s: without it nothing is begun", (variable, expected) => {
    expect(() => sqsWork(settingsReader({ ...urls, [variable]: "" }))).toThrow(
      `${variable} is not set: set it to ${expected}.`,
    );
    expect(() => sqsWork(settingsReader({ ...urls, [variable]: "invitations.fifo" }))).toThrow(
      `${variable} cannot be used: set it to ${expected}.`,
    );
  });
});

describe("a batch against SQS", () => {
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

  test("takes a finished message out of the queue when another of its group follows", async () => {
    const queueUrl = await queues.create("acknowledged.fifo");
    for (const id of ["m1", "m2"]) {
      await queues.sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(createEvent({ id })),
          MessageGroupId: "group-1",
          MessageDeduplicationId: id,
        }),
      );
    }
    const [first, second] = await queues.receive(queueUrl);
    const { work, log } = batchWork({
      ...sqsWork(settingsReader({ QUEUE_URL: queueUrl, DEAD_LETTER_QUEUE_URL: queueUrl })),
      now: Date.now,
    });
    const records = [first, second].map((message) => ({
      ...sqsRecord({ messageId: message?.MessageId ?? "", body: message?.Body ?? "" }),
      receiptHandle: message?.ReceiptHandle ?? "",
    }));
    const deadline = deadlineOf({ getRemainingTimeInMillis: () => 45_000 });

    expect(await processBatch(records, work, deadline)).toEqual({ batchItemFailures: [] });
    expect(log.warnings).toEqual([]);
    await changeVisibility(queueUrl, [{ receiptHandle: second?.ReceiptHandle ?? "", seconds: 0 }]);
    expect((await queues.drain(queueUrl)).map(({ MessageId }) => MessageId)).toEqual([
      second?.MessageId,
    ]);
  });

  test("puts what is rejected into the dead letters, and warns when a delay cannot be set", async () => {
    const queueUrl = await queues.create("invitations.fifo");
    const deadLetterQueueUrl = await queues.create("dead-letters.fifo");
    const environment = {
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      AWS_LAMBDA_FUNCTION_NAME: "onboarding-dev-invitations",
    };
    const { work, log } = batchWork({
      ...sqsWork(settingsReader(environment)),
      handle: async ({ message }) => (message.messageId === "m1" ? reject : retry),
      now: Date.now,
    });
    const sentAt = Date.now();
    const records = ["m1", "m2"].map((id) => sqsRecord({ messageId: id, group: id, sentAt }));
    const deadline = deadlineOf({ getRemainingTimeInMillis: () => 45_000 });

    expect(await processBatch(records, work, deadline)).toEqual({
      batchItemFailures: [{ itemIdentifier: "m2" }],
    });
    const [letter] = await queues.drain(deadLetterQueueUrl);
    expect(letter?.MessageAttributes).toMatchObject({
      reason: { StringValue: "expired" },
      function: { StringValue: "onboarding-dev-invitations" },
    });
    // The record was never received from this queue, so its handle is not known there.
    expect(log.warnings).toHaveLength(1);
  });
});

describe("how a batch may use its function's time", () => {
  test("nothing is begun in the last 8 seconds, and all ends 3 seconds before the end", () => {
    const before = Date.now();
    const { startBefore, endBy } = deadlineOf({ getRemainingTimeInMillis: () => 45_000 });
    const after = Date.now();
    expect(endBy - startBefore).toBe(5_000);
    expect(endBy).toBeGreaterThanOrEqual(before + 42_000);
    expect(endBy).toBeLessThanOrEqual(after + 42_000);
  });

  test("a function with less time than that begins nothing", () => {
    const { startBefore } = deadlineOf({ getRemainingTimeInMillis: () => 5_000 });
    expect(startBefore).toBeLessThan(Date.now());
  });
});

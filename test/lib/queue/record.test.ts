import type { SQSRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { eventMessage } from "../../../lib/events/message.ts";
import { queueMessage } from "../../../lib/queue/record.ts";
import { createEvent } from "../../support/events.ts";
import { SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const NOW = SENT_AT + 1_000;

/** A record of which an emulator gives less than Lambda does. */
function recordWithout(...names: string[]): SQSRecord {
  const record = sqsRecord();
  const kept = Object.entries(record.attributes).filter(([name]) => !names.includes(name));
  return { ...record, ...JSON.parse(JSON.stringify({ attributes: Object.fromEntries(kept) })) };
}

test("a record of Lambda is read as it is", () => {
  const record = sqsRecord({
    messageId: "message-7",
    group: "group-7",
    receiveCount: 3,
    firstReceivedAt: SENT_AT + 40,
  });
  expect(queueMessage(record, NOW)).toMatchObject({
    messageId: "message-7",
    receiptHandle: "handle of message-7",
    body: record.body,
    parsed: { ok: true, event: { id: "event-1" } },
    group: "group-7",
    delivery: { sentAt: SENT_AT, receiveCount: 3 },
    firstReceivedAt: SENT_AT + 40,
  });
});

describe("a redriven message", () => {
  test("says when it was dead-lettered, and when its event was first sent", () => {
    const record = sqsRecord({
      deadLetteredAt: "2026-02-28T12:00:00.000Z",
      firstSentAt: "2026-02-27T12:00:00.000Z",
    });
    expect(queueMessage(record, NOW).delivery).toEqual({
      sentAt: SENT_AT,
      receiveCount: 1,
      deadLetteredAt: Date.parse("2026-02-28T12:00:00Z"),
      firstSentAt: Date.parse("2026-02-27T12:00:00Z"),
    });
  });

  test.each(["", "yesterday"])("that names no time (%j) counts as not redriven", (text) => {
    const record = sqsRecord({ deadLetteredAt: text, firstSentAt: text });
    expect(queueMessage(record, NOW).delivery).toEqual({ sentAt: SENT_AT, receiveCount: 1 });
  });

  test("is told by its attributes alone: others have none", () => {
    const { delivery } = queueMessage(sqsRecord(), NOW);
    expect(delivery).toEqual({ sentAt: SENT_AT, receiveCount: 1 });
  });
});

describe("what an emulator leaves out", () => {
  test("all attributes: the message was sent just now and is received for the first time", () => {
    const { attributes, messageAttributes, ...bare } = sqsRecord();
    const record: SQSRecord = { ...sqsRecord(), ...JSON.parse(JSON.stringify(bare)) };
    Reflect.deleteProperty(record, "attributes");
    Reflect.deleteProperty(record, "messageAttributes");
    expect(queueMessage(record, NOW)).toMatchObject({
      delivery: { sentAt: NOW, receiveCount: 1 },
      firstReceivedAt: NOW,
    });
  });

  test("the receive count: it is the first time", () => {
    const record = recordWithout("ApproximateReceiveCount");
    expect(queueMessage(record, NOW).delivery.receiveCount).toBe(1);
  });

  test("when it was first received: when it was sent", () => {
    const record = recordWithout("ApproximateFirstReceiveTimestamp");
    expect(queueMessage(record, NOW).firstReceivedAt).toBe(SENT_AT);
  });

  test.each(["", "NaN", "1e12", "-5", "12.5", " 7"])(
    "numbers that are none (%j): the same",
    (text) => {
      const record = sqsRecord();
      record.attributes.SentTimestamp = text;
      record.attributes.ApproximateReceiveCount = text;
      record.attributes.ApproximateFirstReceiveTimestamp = text;
      expect(queueMessage(record, NOW)).toMatchObject({
        delivery: { sentAt: NOW, receiveCount: 1 },
        firstReceivedAt: NOW,
      });
    },
  );

  test("the group: the one that a publisher would give", () => {
    const event = createEvent({ data: { invitee: " ADA@example.com" } });
    const published = eventMessage(event, NOW);
    const record = { ...recordWithout("MessageGroupId"), body: JSON.stringify(event) };
    expect(queueMessage(record, NOW).group).toBe(published.ok && published.message.groupId);
  });

  test("the group of what is no event: one of its own", () => {
    const record = { ...recordWithout("MessageGroupId"), body: "no JSON" };
    expect(queueMessage(record, NOW).group).toBe(record.messageId);
  });
});

test("the group that the publisher gave goes before the one of the body", () => {
  expect(queueMessage(sqsRecord({ group: "theirs" }), NOW).group).toBe("theirs");
});

test.each(["", "no JSON", "null", "[]"])(
  "a body that is no event (%j) is kept as it came",
  (body) => {
    expect(queueMessage(sqsRecord({ body }), NOW)).toMatchObject({ body, parsed: { ok: false } });
  },
);

import type { Message } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CRASHED, readDeadLetter } from "../../../lib/dead-letters/dead-letter.ts";
import { createEvent } from "../../support/events.ts";

const NOW = Date.parse("2026-03-02T00:00:00Z");
const ENQUEUED_AT = Date.parse("2026-03-01T12:00:00Z");

const message = (attributes: Record<string, string> = {}, fields: Message = {}): Message => ({
  MessageId: "letter-1",
  ReceiptHandle: "handle",
  Body: JSON.stringify(createEvent()),
  Attributes: {
    SentTimestamp: String(ENQUEUED_AT),
    MessageGroupId: "group-1",
    MessageDeduplicationId: "message-1",
  },
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [
      name,
      { DataType: "String", StringValue },
    ]),
  ),
  ...fields,
});

test("a letter of a function says what the function said", () => {
  const letter = readDeadLetter(
    message({
      reason: "expired",
      sentence: "Too late.",
      function: "onboarding-dev-invitations",
      sentAt: "2026-03-01T10:00:00.123Z",
      firstReceivedAt: "2026-03-01T10:00:01.000Z",
      failedAt: "2026-03-01T11:00:00.000Z",
      receiveCount: "7",
      eventId: "event-1",
      logtoRequestId: "request-1",
    }),
    NOW,
  );
  expect(letter).toEqual({
    messageId: "letter-1",
    deduplicationId: "message-1",
    receiptHandle: "handle",
    body: JSON.stringify(createEvent()),
    group: "group-1",
    reason: "expired",
    sentence: "Too late.",
    function: "onboarding-dev-invitations",
    logtoRequestId: "request-1",
    receiveCount: 7,
    sentAt: Date.parse("2026-03-01T10:00:00.123Z"),
    firstReceivedAt: Date.parse("2026-03-01T10:00:01Z"),
    failedAt: Date.parse("2026-03-01T11:00:00Z"),
    event: {
      id: "event-1",
      type: "onboarding.invitation.create",
      source: "/tests",
      organizationId: "acme",
      invitee: "ada@example.com",
    },
  });
});

describe("a message that SQS moved itself", () => {
  test("crashed its function, when it was moved", () => {
    expect(readDeadLetter(message(), NOW)).toMatchObject({
      reason: CRASHED,
      sentence: "SQS gave it up: the function failed each time it had it.",
      function: undefined,
      receiveCount: undefined,
      sentAt: ENQUEUED_AT,
      failedAt: ENQUEUED_AT,
    });
  });

  test("after it was redriven keeps the time at which it was first sent", () => {
    const letter = readDeadLetter(
      message({
        firstSentAt: "2026-02-20T08:00:00.000Z",
        deadLetteredAt: "2026-02-20T09:00:00.000Z",
      }),
      NOW,
    );
    expect(letter).toMatchObject({
      reason: CRASHED,
      sentAt: Date.parse("2026-02-20T08:00:00Z"),
      failedAt: ENQUEUED_AT,
    });
  });
});

test("a role event says which role", () => {
  const body = createEvent({ type: "onboarding.role-scopes.replace", data: { role: "admin" } });
  expect(readDeadLetter(message({}, { Body: JSON.stringify(body) }), NOW).event).toMatchObject({
    type: "onboarding.role-scopes.replace",
    role: "admin",
  });
});

describe("a body that is no event", () => {
  test.each([
    ["text", "This is no JSON.", {}],
    ["nothing", "", {}],
    ["null", "null", {}],
    ["a list", "[]", {}],
    ["an event of wrong types", '{"id":7,"type":null,"source":"s","data":"text"}', { source: "s" }],
    ["data of wrong types", '{"id":"e","data":{"organizationId":7}}', { id: "e" }],
  ])("is read as far as it goes: %s", (_, Body, event) => {
    const letter = readDeadLetter(message({}, { Body }), NOW);
    expect(letter.body).toBe(Body);
    expect(JSON.parse(JSON.stringify(letter.event))).toEqual(event);
  });

  test("never ends in an error, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (Body) => {
        expect(readDeadLetter(message({}, { Body }), NOW).body).toBe(Body);
      }),
    );
  });
});

test("times that are none do no harm: those of SQS hold", () => {
  const letter = readDeadLetter(message({ sentAt: "yesterday", failedAt: "" }), NOW);
  expect(letter).toMatchObject({ sentAt: ENQUEUED_AT, failedAt: ENQUEUED_AT });
});

import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readDeadLetter } from "../../../lib/dead-letters/dead-letter.ts";
import { type DeadLetterFilter, matches } from "../../../lib/dead-letters/filter.ts";
import { createEvent } from "../../support/events.ts";

const FAILED_AT = Date.parse("2026-03-01T12:00:00Z");

/** Given up a minute ago. */
const letter = readDeadLetter(
  {
    MessageId: "letter-1",
    Body: JSON.stringify(createEvent({ id: "event-1" })),
    MessageAttributes: {
      reason: { DataType: "String", StringValue: "expired" },
      failedAt: { DataType: "String", StringValue: new Date(FAILED_AT).toISOString() },
    },
  },
  FAILED_AT,
);
const isMatch = (filter: DeadLetterFilter) => matches(letter, filter, FAILED_AT + 60_000);

describe("which dead letters are meant", () => {
  test.each<[string, DeadLetterFilter, boolean]>([
    ["nothing said", {}, true],
    ["everything left undefined", { reason: undefined, olderThanSeconds: undefined }, true],
    ["its reason", { reason: "expired" }, true],
    ["another reason", { reason: "Expired" }, false],
    ["its type", { type: "onboarding.invitation.create" }, true],
    ["a part of its type", { type: "onboarding.invitation" }, false],
    ["its organization", { organizationId: "acme" }, true],
    ["another organization", { organizationId: "acm" }, false],
    ["its invitee in another letter case", { invitee: " Ada@Example.COM" }, true],
    ["another invitee", { invitee: "eve@example.com" }, false],
    [
      "its invitee in another organization",
      { invitee: "ada@example.com", organizationId: "x" },
      false,
    ],
    ["its event id", { eventId: "event-1" }, true],
    ["its message id as event id", { eventId: "letter-1" }, false],
    ["an empty text", { eventId: "" }, false],
    ["older than just its age", { olderThanSeconds: 60 }, true],
    ["older than a bit more", { olderThanSeconds: 60.001 }, false],
    ["newer than just its age", { newerThanSeconds: 60 }, true],
    ["newer than a bit less", { newerThanSeconds: 59.999 }, false],
    ["both at once", { olderThanSeconds: 59, newerThanSeconds: 61 }, true],
    ["a span that is empty", { olderThanSeconds: 61, newerThanSeconds: 59 }, false],
    ["all of it", { reason: "expired", organizationId: "acme", eventId: "event-1" }, true],
    ["all but one", { reason: "expired", organizationId: "acme", eventId: "event-2" }, false],
  ])("%s", (_, filter, expected) => {
    expect(isMatch(filter)).toBe(expected);
  });

  test("organization and invitee are known by the message group where the body cannot be read", () => {
    const group = hash("sha256", "acme\nada@example.com");
    const noEvent = readDeadLetter(
      { Body: "no JSON", Attributes: { MessageGroupId: group } },
      FAILED_AT,
    );
    const filter = { organizationId: "acme", invitee: "Ada@example.com" };
    expect(matches(noEvent, filter, FAILED_AT)).toBe(true);
    expect(matches(noEvent, { ...filter, organizationId: "globex" }, FAILED_AT)).toBe(false);
  });

  test("a body that is no event has neither type, organization nor event id", () => {
    const noEvent = readDeadLetter({ Body: "no JSON" }, FAILED_AT);
    expect(matches(noEvent, {}, FAILED_AT)).toBe(true);
    for (const filter of [{ type: "" }, { organizationId: "" }, { eventId: "" }]) {
      expect(matches(noEvent, filter, FAILED_AT)).toBe(false);
    }
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EventMessage, eventMessage } from "../../../lib/events/message.ts";
import { createEvent, type Json } from "../../support/events.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

function messageOf(event: Json): EventMessage {
  const made = eventMessage(event, NOW);
  return made.ok ? made.message : expect.fail(JSON.stringify(made.problems));
}

const groupOf = (data: Json) => messageOf(createEvent({ data })).groupId;

describe("the message group", () => {
  test("is the same whatever letter case and space the invitee is written in", () => {
    const group = groupOf({ invitee: "ada@example.com" });
    expect(groupOf({ invitee: "Ada@Example.COM" })).toBe(group);
    expect(groupOf({ invitee: "  ada@example.com\n" })).toBe(group);
  });

  test("is another for another organization or invitee, and an organization's letter case counts", () => {
    const groups = [
      groupOf({}),
      groupOf({ organizationId: "globex" }),
      groupOf({ organizationId: "ACME" }),
      groupOf({ invitee: "alan@example.com" }),
    ];
    expect(new Set(groups).size).toBe(groups.length);
  });

  test("is shared by every invitation event of the invitee, so that a revoke follows its create", () => {
    const revoke = createEvent({
      type: "onboarding.invitation.revoke",
      data: { invitee: "ADA@example.com", invitationId: "invitation-1" },
    });
    expect(messageOf(revoke).groupId).toBe(groupOf({}));
  });

  test("does not depend on anything else of the event", () => {
    const other = createEvent({
      id: "event-2",
      source: "/elsewhere",
      time: "2026-01-31T09:00:00Z",
      data: { expiresIn: "P1D", message: false },
    });
    expect(messageOf(other).groupId).toBe(groupOf({}));
  });

  test("is the documented hash, so that a log line can be found by organization and invitee", () => {
    // printf 'acme\nada@example.com' | sha256sum
    expect(groupOf({})).toBe("3925ccfb58c5af813dbf24da25b55261eab6667815200f646da1f6ac562c7216");
  });

  test("never holds the address", () => {
    fc.assert(
      fc.property(fc.emailAddress({ size: "small" }), (invitee) => {
        expect(groupOf({ invitee })).toMatch(/^[\da-f]{64}$/);
      }),
    );
  });

  test("cannot be the same for two organizations by moving characters between the parts", () => {
    expect(groupOf({ organizationId: "acme", invitee: "a@b.example" })).not.toBe(
      groupOf({ organizationId: "acmea", invitee: "@@b.example" }),
    );
  });
});

describe("the deduplication id", () => {
  const idOf = (attributes: Json) => messageOf(createEvent(attributes)).deduplicationId;

  test("is the same for the same source and id, whatever else changed", () => {
    expect(idOf({ time: "2026-01-31T09:00:00Z", data: { expiresIn: 5 } })).toBe(idOf({}));
  });

  test("is another for another source or id", () => {
    const ids = [idOf({}), idOf({ id: "event-2" }), idOf({ source: "/other" })];
    expect(new Set(ids).size).toBe(ids.length);
    expect(idOf({ source: "/a", id: "bc" })).not.toBe(idOf({ source: "/ab", id: "c" }));
  });

  test("is a hash that SQS takes, however long and strange source and id are", () => {
    expect(idOf({ id: "🎉".repeat(128), source: "ü".repeat(256) })).toMatch(/^[\da-f]{64}$/);
  });
});

describe("the body", () => {
  const bodyOf = (event: Json): unknown => JSON.parse(messageOf(event).body);

  test("is the event as it was given, extension attributes included, with the time of now", () => {
    const event = createEvent({ partitionkey: "acme", nested: { kept: [1, null] }, subject: null });
    expect(bodyOf(event)).toEqual({ ...event, time: "2026-03-01T12:00:00.000Z" });
  });

  test("keeps the time it came with, to the letter", () => {
    const event = createEvent({ time: "2026-01-31T09:00:00.000001+05:30" });
    expect(bodyOf(event)).toEqual(event);
  });

  test("keeps the spelling of the data: only the group is made from the parsed event", () => {
    const event = createEvent({ data: { invitee: " Ada@Example.com ", expiresIn: "P7D" } });
    expect(bodyOf(event)).toMatchObject({
      data: { invitee: " Ada@Example.com ", expiresIn: "P7D" },
    });
  });

  test("is an event for whoever receives it, of the same group and deduplication id", () => {
    const message = messageOf(createEvent({ data: { invitee: "Ada@Example.com" } }));
    expect(messageOf(JSON.parse(message.body))).toEqual(message);
  });
});

test("id and type are beside the body, for reports", () => {
  expect(messageOf(createEvent())).toMatchObject({
    eventId: "event-1",
    eventType: "onboarding.invitation.create",
  });
});

test("what is no event is no message, and the problems are those of parsing", () => {
  expect(eventMessage(createEvent({ data: { invitee: "ada" } }), NOW)).toEqual({
    ok: false,
    reason: "invalid-data",
    problems: [{ path: "data.invitee", message: "must be an e-mail address" }],
  });
});

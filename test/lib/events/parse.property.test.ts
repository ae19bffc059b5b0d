import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../../lib/events/event.ts";
import { parseEvent, parseEventBody } from "../../../lib/events/parse.ts";
import { problemsSentence } from "../../../lib/events/problem.ts";
import { createEvent } from "../../support/events.ts";
import { invitationEvent } from "../../support/invitation-event.ts";

/**
 * Texts that nobody would write by chance. As a key only those with an @ are used: a field's plain
 * name is repeated on purpose, so that a typo can be found.
 */
const number = fc.integer({ min: 100_000, max: 999_999 });
const canaryKey = number.map((value) => `canary${value}@secret.example`);
const canaryText = fc.oneof(
  canaryKey,
  number.map((value) => `Canary${value}`),
  number.map((value) => `canary${value}\u0000`),
  number.map((value) => `https://canary${value}.example/?token=canary`),
  number.map((value) => `canary${value}${"x".repeat(3_000)}`),
);
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    canaryText,
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(canaryKey, fc.constantFrom("locale", "link", "__proto__")),
      tie("value"),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value;

const anyType = fc.constantFrom(...eventTypes);
const attributes = ["specversion", "id", "source", "type", "time", "traceparent", "data"] as const;
const fields = [
  "organizationId",
  "invitee",
  "organizationRoleIds",
  "inviterId",
  "expiresIn",
  "expiresAt",
  "message",
  "ifPending",
  "invitationId",
  "acceptedUserId",
  "onlyIfPending",
  "role",
  "scopes",
  "prune",
  "unknown",
] as const;

function expectNoCanary(body: string): void {
  const parsed = parseEventBody(body);
  if (parsed.ok) return;
  expect(parsed.problems.length).toBeGreaterThan(0);
  const told = JSON.stringify(parsed.problems) + problemsSentence(parsed.problems);
  expect(told.toLowerCase()).not.toContain("canary");
  for (const { path, message } of parsed.problems) {
    expect(message).not.toBe("");
    expect(path).not.toContain("@");
  }
}

describe("parsing never throws and never repeats what it was given", () => {
  test("whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(canaryText, fc.string({ unit: "binary" })), (body) => {
        expectNoCanary(body);
      }),
    );
  });

  test("whatever the JSON", () => {
    fc.assert(fc.property(anyJson, (value) => expectNoCanary(JSON.stringify(value))));
  });

  test("whatever stands in one attribute or several", () => {
    const some = fc.subarray([...attributes], { minLength: 1 });
    fc.assert(
      fc.property(some, anyJson, canaryKey, (wrong, value, key) => {
        const replaced = Object.fromEntries(wrong.map((attribute) => [attribute, value]));
        const event = { ...createEvent(), ...replaced, [key]: value };
        expectNoCanary(JSON.stringify(event));
      }),
    );
  });

  test("whatever the type, and whatever stands in its fields and beside them", () => {
    const some = fc.subarray([...fields], { minLength: 1 });
    fc.assert(
      fc.property(anyType, some, anyJson, fc.option(canaryKey), (type, wrong, value, key) => {
        const data = Object.fromEntries(wrong.map((field) => [field, value]));
        const more = key === null ? {} : { [key]: value };
        expectNoCanary(JSON.stringify(createEvent({ type, data: { ...data, ...more } })));
      }),
      { numRuns: 300 },
    );
  });

  test("whatever the invitee: it is refused without being quoted, or taken trimmed and lower-cased", () => {
    fc.assert(
      fc.property(fc.oneof(canaryText, fc.string({ unit: "binary" })), (invitee) => {
        const event = createEvent({ data: { invitee } });
        expectNoCanary(JSON.stringify(event));
        const parsed = parseEvent(event);
        if (parsed.ok) {
          expect(invitationEvent(parsed).data.invitee).toBe(invitee.trim().toLowerCase());
        }
      }),
    );
  });
});

test("parsing an event again after it was written as JSON changes nothing", () => {
  const data = fc.record(
    {
      organizationId: fc.stringMatching(/^[a-z0-9]{1,21}$/),
      invitee: fc.emailAddress({ size: "small" }),
      expiresIn: fc.integer({ min: 1, max: 366 * 86_400 }),
      organizationRoleIds: fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { maxLength: 5 }),
    },
    { requiredKeys: ["organizationId", "invitee"] },
  );
  fc.assert(
    fc.property(data, (wanted) => {
      const first = parseEvent(createEvent({ data: wanted }));
      const again = first.ok ? parseEvent({ specversion: "1.0", ...first.event }) : first;
      expect(first.ok).toBe(true);
      expect(again).toEqual(first);
    }),
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventSchema } from "../../../deploy/contract/event-schema.ts";
import { type EventType, eventTypes } from "../../../lib/events/event.ts";
import { parseEvent } from "../../../lib/events/parse.ts";
import { problemsSentence } from "../../../lib/events/problem.ts";
import { parseDurationSeconds } from "../../../lib/runtime/duration.ts";
import { createEvent, type Json } from "../../support/events.ts";
import { schemaValidators } from "./validators.ts";

const validators = schemaValidators();

const RUNS = 500;

const isValid = (event: Json): boolean => validators[String(event["type"])]?.(event) ?? false;

/** What the parser alone sees, as the events' descriptions say: whether a text has something of that. */
const isStricter = (text: string): boolean =>
  !text.isWellFormed() ||
  text.toLowerCase().length > [...text].length ||
  (/^\d{4}-/.test(text) && !isOnTheCalendar(text)) ||
  (text.startsWith("P") && !isLifetime(parseDurationSeconds(text)));

const isOnTheCalendar = (time: string): boolean => {
  const date = time.slice(0, 10);
  const isTime = !Number.isNaN(Date.parse(date)) && !Number.isNaN(Date.parse(time));
  return isTime && new Date(date).toISOString().startsWith(date);
};

const isLifetime = (seconds = 0): boolean => seconds >= 1 && seconds <= 366 * 86_400;

/** Every text of an event, names of fields included. */
const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...textsOf(field)]);
};

/** @returns whether the event was taken. */
function expectAgreement(event: Json): boolean {
  // As it comes out of a queue: no undefined, no infinity.
  const read: Json = JSON.parse(JSON.stringify(event));
  const parsed = parseEvent(read);
  const told = () =>
    `${JSON.stringify(read)}: ${parsed.ok ? "parsed" : problemsSentence(parsed.problems)}`;
  if (parsed.ok) expect(isValid(read), told()).toBe(true);
  else if (isValid(read)) expect(textsOf(read).some(isStricter), told()).toBe(true);
  return parsed.ok;
}

const any = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);

/** Texts around each bound of the contract. */
const someText = fc.oneof(
  any("a", "", " ", "\t", " a ", "a\u0000", "a\nb", "\u0085", "\ufffe", "\ud800", "😀", "a b"),
  any(1, 20, 21, 22, 64, 65, 128, 129, 256, 257, 2048, 2049).map((length) => "x".repeat(length)),
  any(10, 11, 22).map((length) => "😀".repeat(length)),
  fc.string({ unit: "binary", maxLength: 12 }),
);

const somePlace = fc
  .array(
    any(
      "{",
      "}",
      "organizationId",
      "oneTimeToken",
      "token",
      "https://a.example/",
      "é",
      "{invitee}",
      "{invitationId}",
      "{oneTimeToken}",
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));

const someAddress = fc.oneof(
  fc.emailAddress({ size: "small" }),
  any(" Ada@Example.com\r\n", "a@b", "@b.c", "a@b.", "a@b.c", "a b@c.d", "a@@b..c", "a\u0007@b.c"),
  any(250, 251, 252, 253).map((length) => `${"a".repeat(length)}@b.c`),
  any(300).map((length) => `${" ".repeat(length)}a@b.c`),
  someText,
);

const someTime = fc.oneof(
  any("2026-01-31T09:00:00Z", "2026-02-30T09:00:00Z", "2026-02-28 09:00:00.123+0100", "2026-01-31"),
  any(
    "2026-12-31T23:59:60Z",
    "2026-01-31T09:00:00",
    "2026-01-31T24:00:00Z",
    "10000-01-01T00:00:00Z",
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

const someDuration = fc.oneof(
  any(
    "P7D",
    "PT0S",
    "P366D",
    "P367D",
    "P53W",
    "P",
    "PT",
    "P1DT",
    "P1Y",
    "PT1H30M",
    "P1D7W",
    "p7d",
    "PT1M1H",
  ),
  fc.stringMatching(/^P(\d{1,4}[WD])?(T(\d{1,9}H)?(\d{1,9}M)?(\d{1,9}S)?)?$/),
);

const someNumber = fc.oneof(
  any(0, -1, 1, 1.5, 31_622_400, 31_622_401, 99_999_999_999, 1e11, 8.64e15, 8.65e15, 1e308),
  fc.integer(),
);

const anything = fc.oneof(
  { withCrossShrink: true },
  someText,
  somePlace,
  someAddress,
  someTime,
  someDuration,
  someNumber,
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
  fc.array(someText, { maxLength: 3 }),
  any(99, 100, 101).map((length) => Array.from({ length }, () => "member")),
  any(1000, 1001).map((length) => Array.from({ length }, () => "scope")),
);

const someScope = fc.oneof(
  fc.record({ resource: someText, scope: someText }),
  fc.record({ resource: someText, scope: someText, more: someText }, { requiredKeys: [] }),
  someText,
);

const someName = fc.oneof(
  any("locale", "link", "plan", "a-b", "1st", "", "é", "a\n", "a".repeat(64), "a".repeat(65)),
  someText,
);

/** A plausible value of each field, and of each field one in eight that could be anything. */
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  organizationId: someText,
  invitee: someAddress,
  organizationRoleIds: fc.array(someText, { maxLength: 3 }),
  inviterId: someText,
  invitationId: someText,
  acceptedUserId: someText,
  onlyIfPending: fc.boolean(),
  expiresIn: fc.oneof(someDuration, someNumber),
  expiresAt: fc.oneof(someTime, someNumber),
  message: fc.oneof(
    fc.boolean(),
    fc.record({ locale: someText, link: somePlace }, { requiredKeys: [] }),
    fc.dictionary(someName, fc.oneof(any<unknown>("text", 1, true), anything), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    any(50, 51).map((count) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, index])),
    ),
  ),
  ifPending: any("keep", "resend", "replace", "other"),
  role: someText,
  scopes: fc.array(someScope, { maxLength: 3 }),
  prune: fc.oneof(fc.boolean(), fc.array(someText, { maxLength: 3 })),
  unknown: anything,
};

const goodInvitation = { organizationId: "acme", invitee: "ada@example.com" };
const goodRole = { role: "member", scopes: ["scope"] };

const goodData: Readonly<Record<EventType, Json>> = {
  "onboarding.invitation.create": goodInvitation,
  "onboarding.invitation.resend": goodInvitation,
  "onboarding.invitation.accept": { ...goodInvitation, acceptedUserId: "ada" },
  "onboarding.invitation.revoke": goodInvitation,
  "onboarding.invitation.delete": goodInvitation,
  "onboarding.role-scopes.assign": goodRole,
  "onboarding.role-scopes.replace": goodRole,
  "onboarding.role-scopes.remove": goodRole,
  "onboarding.role-scopes.sync": goodRole,
};

function fieldsOf(type: EventType): readonly string[] {
  const data = eventSchema(type).properties?.["data"];
  return typeof data === "object" ? Object.keys(data.properties ?? {}) : [];
}

describe("what the parser takes is valid, and what is valid it takes but for the reasons that are told", () => {
  test.each(eventTypes)("whatever a field or two of a good %s become", (type) => {
    const mutation = any(...fieldsOf(type), "unknown").chain((field) =>
      fc.tuple(
        fc.constant(field),
        fc.oneof({ weight: 7, arbitrary: fields[field] ?? anything }, anything),
      ),
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (mutations) => {
        const data = { ...goodData[type], ...Object.fromEntries(mutations) };
        if (expectAgreement({ ...createEvent({ type }), data })) taken += 1;
      }),
      { numRuns: RUNS },
    );
    // Neither of the two is what all the events are: the agreement says something.
    expect(taken).toBeGreaterThan(RUNS / 50);
    expect(taken).toBeLessThan(RUNS);
  });

  test("whatever the variables of an e-mail are called, and whatever a link says", () => {
    fc.assert(
      fc.property(someName, somePlace, (name, link) => {
        expectAgreement(createEvent({ data: { message: { [name]: "text" } } }));
        expectAgreement(createEvent({ data: { message: { link } } }));
      }),
      { numRuns: RUNS },
    );
  });

  test("whatever a context attribute becomes", () => {
    const attributes: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
      specversion: any<unknown>("1.0", "0.3", 1),
      id: someText,
      source: someText,
      time: someTime,
      datacontenttype: any(
        "application/json",
        "Application/Cloud+JSON; charset=utf-8",
        "text/json",
        "application/json\n",
      ),
      traceparent: any("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "wrong"),
      dataschema: anything,
      data: anything,
    };
    const mutation = fc
      .constantFrom(...Object.keys(attributes))
      .chain((name) =>
        fc.tuple(fc.constant(name), fc.oneof(attributes[name] ?? anything, anything)),
      );
    fc.assert(
      fc.property(mutation, ([name, value]) => {
        expectAgreement({ ...createEvent(), [name]: value });
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(eventTypes)("whatever is left out of a good %s", (type) => {
    fc.assert(
      fc.property(fc.subarray(Object.entries(goodData[type])), (kept) => {
        expectAgreement({ ...createEvent({ type }), data: Object.fromEntries(kept) });
      }),
    );
  });
});

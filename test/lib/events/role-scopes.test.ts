import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../../lib/events/event.ts";
import { eventMessage } from "../../../lib/events/message.ts";
import { parseEvent, parseEventBody } from "../../../lib/events/parse.ts";
import { problemsSentence } from "../../../lib/events/problem.ts";
import { createEvent, type Json } from "../../support/events.ts";
import { problemsOf } from "../../support/problems.ts";
import {
  type RoleScopesWord,
  roleScopesJson,
  roleScopesWords,
  scopeOf,
} from "../../support/role-scopes-event.ts";

const SCOPE_FORMS =
  'must be the id of a scope, or { "resource": its API resource\'s indicator, "scope": its name }';
const PRUNE_FORMS = "must be true, false or a list of at most 1000 resource indicators";
const CONTROL = "must not contain control characters or broken Unicode";

const read = scopeOf("orders", "read");
const parse = (word: RoleScopesWord, data: Json) => parseEvent(roleScopesJson(word, data));
const problems = (word: RoleScopesWord, data: Json) =>
  problemsOf(parse(word, data), "invalid-data");
const scopes = (count: number) => Array.from({ length: count }, (_, index) => `scope-${index}`);

describe.each(roleScopesWords)("onboarding.role-scopes.%s", (word) => {
  test.each([
    ["a role by its name or id", { role: "Team admin (EU), Zürich" }],
    ["a role of 128 characters", { role: "r".repeat(128) }],
    ["scopes by id, and by resource and name, mixed", { scopes: ["scope-1", read, "scope-2"] }],
    ["the same scope several times", { scopes: ["scope-1", read, "scope-1", read] }],
    ["a thousand scopes", { scopes: scopes(1000) }],
    [
      "an indicator and a name as long as can be",
      { scopes: [{ resource: "r".repeat(2048), scope: "s".repeat(256) }] },
    ],
  ])("may name %s", (_, data) => {
    expect(parse(word, data)).toMatchObject({
      ok: true,
      event: { type: `onboarding.role-scopes.${word}`, data },
    });
  });

  test.each<[string, Json, string, string]>([
    ["no role", { role: undefined }, "role", "is required"],
    ["an empty role", { role: " " }, "role", "must not be empty"],
    ["a role that is null", { role: null }, "role", "must be text"],
    ["a list of roles", { role: ["member"] }, "role", "must be text"],
    ["a long role", { role: "r".repeat(129) }, "role", "must have at most 128 characters"],
    ["a role with a line break", { role: "member\n" }, "role", CONTROL],
    ["half a surrogate pair", { role: "\ud83d" }, "role", CONTROL],
    ["no scopes", { scopes: undefined }, "scopes", "is required"],
    ["scopes that are null", { scopes: null }, "scopes", "must be a list"],
    ["scopes that are one scope", { scopes: read }, "scopes", "must be a list"],
    ["1,001 scopes", { scopes: scopes(1001) }, "scopes", "must name at most 1000 scopes"],
    ["a scope that is null", { scopes: [null] }, "scopes.0", SCOPE_FORMS],
    ["a scope that is a number", { scopes: ["scope-1", 2] }, "scopes.1", SCOPE_FORMS],
    ["an empty scope id", { scopes: [""] }, "scopes.0", "must not be empty"],
    [
      "a long scope id",
      { scopes: ["s".repeat(22)] },
      "scopes.0",
      "must have at most 21 characters",
    ],
    ["a scope without its resource", { scopes: [{ scope: "read" }] }, "scopes.0", SCOPE_FORMS],
    [
      "a resource without a scope",
      { scopes: [{ resource: read.resource }] },
      "scopes.0",
      SCOPE_FORMS,
    ],
    [
      "a misspelt field of a scope",
      { scopes: [{ resource: read.resource, scopes: "read" }] },
      "scopes.0",
      SCOPE_FORMS,
    ],
    [
      "an unknown field of a scope",
      { scopes: [{ ...read, scopeId: "scope-1" }] },
      "scopes.0",
      SCOPE_FORMS,
    ],
    [
      "an empty scope name",
      { scopes: [{ ...read, scope: "" }] },
      "scopes.0.scope",
      "must not be empty",
    ],
    [
      "a long scope name",
      { scopes: [{ ...read, scope: "s".repeat(257) }] },
      "scopes.0.scope",
      "must have at most 256 characters",
    ],
    [
      "a long indicator",
      { scopes: [{ ...read, resource: "r".repeat(2049) }] },
      "scopes.0.resource",
      "must have at most 2048 characters",
    ],
    ["a misspelt role", { roles: "member" }, "roles", "is not a known field"],
    ["scope ids of Logto's own wording", { scopeIds: [] }, "scopeIds", "is not a known field"],
    ["an invitee", { invitee: "ada@example.com" }, "invitee", "is not a known field"],
  ])("with %s is refused", (_, data, field, message) => {
    expect(problems(word, data)).toEqual([{ path: `data.${field}`, message }]);
  });

  test("of a thousand wrong scopes tells the first ten", () => {
    const sentence = problemsSentence(problems(word, { scopes: scopes(1000).map(() => ({})) }));
    expect(sentence.match(/data\.scopes\.\d+ must be/g)).toHaveLength(10);
    expect(sentence).toMatch(/; and 990 more\.$/);
  });

  test("of a hundred thousand wrong scopes has the one problem that they are too many", () => {
    const many = Array.from({ length: 100_000 }, () => 0);
    expect(problems(word, { scopes: many })).toEqual([
      { path: "data.scopes", message: "must name at most 1000 scopes" },
    ]);
  });
});

describe("an empty list of scopes", () => {
  test.each(["replace", "sync"] as const)("takes everything away in a %s", (word) => {
    expect(parse(word, { scopes: [] })).toMatchObject({ ok: true });
  });

  test.each(["assign", "remove"] as const)("asks for nothing in a %s, which is wrong", (word) => {
    expect(problems(word, { scopes: [] })).toEqual([
      { path: "data.scopes", message: "must name at least one scope" },
    ]);
  });
});

describe("prune of onboarding.role-scopes.sync", () => {
  test("is false unless told otherwise: what is not named stays", () => {
    expect(parse("sync", {})).toMatchObject({ ok: true, event: { data: { prune: false } } });
  });

  test.each([
    [true],
    [false],
    [[]],
    [["https://orders.example.com"]],
    [["https://orders.example.com", "https://orders.example.com"]],
    [Array.from({ length: 1000 }, (_, index) => `https://${index}.example.com`)],
  ])("may be true, false or a list of indicators", (prune) => {
    expect(parse("sync", { prune })).toMatchObject({ ok: true, event: { data: { prune } } });
  });

  test.each([
    ["null", null],
    ["text", "true"],
    ["a number", 1],
    ["one indicator", "https://orders.example.com"],
    ["an object", { "https://orders.example.com": true }],
    ["a list with something else in it", ["https://orders.example.com", 7]],
    ["1,001 indicators", scopes(1001)],
    ["a hundred thousand of nothing", Array.from({ length: 100_000 }, () => null)],
  ])("is not %s", (_, prune) => {
    expect(problems("sync", { prune })).toEqual([{ path: "data.prune", message: PRUNE_FORMS }]);
  });

  test.each([
    ["an empty indicator", "", "must not be empty"],
    ["a long indicator", "i".repeat(2049), "must have at most 2048 characters"],
    ["an indicator with a NUL", "https://a\0", CONTROL],
  ])("names %s in vain", (_, indicator, message) => {
    const prune = ["https://orders.example.com", indicator];
    expect(problems("sync", { prune })).toEqual([{ path: "data.prune.1", message }]);
  });

  test.each(["assign", "replace", "remove"] as const)("is no field of a %s", (word) => {
    expect(problems(word, { prune: true })).toEqual([
      { path: "data.prune", message: "is not a known field" },
    ]);
  });
});

describe("the message", () => {
  const messageOf = (event: Json) => {
    const made = eventMessage(event, 0);
    return made.ok ? made.message : expect.fail(JSON.stringify(made.problems));
  };
  const groupOf = (role: string, word: RoleScopesWord = "assign") =>
    messageOf(roleScopesJson(word, { role })).groupId;

  test("is in the group of its role, whatever it asks for", () => {
    expect(new Set(roleScopesWords.map((word) => groupOf("member", word))).size).toBe(1);
    const prefix = { scopes: ["other"] };
    expect(messageOf(roleScopesJson("sync", prefix, { id: "e", source: "/s" })).groupId).toBe(
      groupOf("member"),
    );
  });

  test("is in the documented hash's group, so that a log line can be found by the role", () => {
    // printf 'member' | sha256sum
    expect(groupOf("member")).toBe(
      "e31ab643c44f7a0ec824b59d1194d60dac334200d845e61d2d289daa0f087ea4",
    );
  });

  test("is in another group for another role, be it the same one by id and by name", () => {
    const groups = ["member", "Member", "role-member", " member"].map((role) => groupOf(role));
    expect(new Set(groups).size).toBe(groups.length);
  });

  test.each(eventTypes)("of %s belongs to the queue that its type names", (type) => {
    const invitation = { organizationId: "acme", invitee: "ada@example.com" };
    const needed = type.endsWith(".accept") ? { acceptedUserId: "user-1" } : {};
    const event = type.startsWith("onboarding.role-scopes.")
      ? { ...roleScopesJson("assign"), type }
      : createEvent({ type, data: { ...invitation, ...needed } });
    const queue = type.split(".")[1] === "invitation" ? "invitations" : "role-scopes";
    expect(messageOf(event).queue).toBe(queue);
  });
});

describe("parsing never throws and never repeats what it was given", () => {
  const canary = fc
    .tuple(
      fc.integer({ min: 100_000, max: 999_999 }),
      fc.constantFrom("@x.example", "\0", "x".repeat(300)),
    )
    .map(([number, rest]) => `canary${number}${rest}`);
  const anyValue = fc.oneof(
    canary,
    fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes("canary")),
    fc.dictionary(fc.constantFrom("resource", "scope", "__proto__", "prune", "length"), canary),
  );
  const anyValues = fc.oneof(anyValue, fc.array(anyValue, { maxLength: 5 }));

  test("whatever stands for role, scopes and prune, and beside them", () => {
    const data = fc.record(
      { role: anyValues, scopes: anyValues, prune: anyValues },
      { requiredKeys: [] },
    );
    const more = fc.option(canary.map((key) => ({ [`${key}@`]: true })));
    fc.assert(
      fc.property(fc.constantFrom(...roleScopesWords), data, more, (word, wrong, other) => {
        const body = JSON.stringify(roleScopesJson(word, { ...wrong, ...other }));
        const parsed = parseEventBody(body);
        if (parsed.ok) return;
        expect(parsed.problems).not.toEqual([]);
        const told = JSON.stringify(parsed.problems) + problemsSentence(parsed.problems);
        expect(told).not.toContain("canary");
      }),
      { numRuns: 500 },
    );
  });

  test("and parsing again what was parsed changes nothing", () => {
    const scope = fc.oneof(
      fc.stringMatching(/^[a-z0-9]{1,21}$/),
      fc.record({ resource: fc.webUrl(), scope: fc.stringMatching(/^[a-z:.-]{1,40}$/) }),
    );
    const data = fc.record({
      role: fc.stringMatching(/^[A-Za-z][\w -]{0,60}$/),
      scopes: fc.array(scope, { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...roleScopesWords), data, (word, wanted) => {
        const first = parseEvent(roleScopesJson(word, wanted));
        const again = first.ok ? parseEvent({ specversion: "1.0", ...first.event }) : first;
        expect(first.ok).toBe(true);
        expect(again).toEqual(first);
      }),
    );
  });
});

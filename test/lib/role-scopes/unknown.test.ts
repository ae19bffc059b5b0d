import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { outcomeOfError } from "../../../lib/queue/outcome-of-error.ts";
import type { Json } from "../../support/events.ts";
import { type RoleScopesWord, roleScopesWords } from "../../support/role-scopes-event.ts";
import { type Delivered, openRoleWorld, type RoleWorld, scopes } from "./world.ts";

const MINUTE = 60_000;

let world: RoleWorld;
beforeEach(async () => {
  world = await openRoleWorld();
  world.hold("role-member", "orders.write");
});
afterEach(() => world.close());

const orders = (scope: string) => ({ ...scopes.read, scope });
const elsewhere = (scope: string) => ({ resource: "https://elsewhere.example.com", scope });

/** What an event names in vain, and the words that must say so. */
const unknown: readonly (readonly [string, Json, string])[] = [
  ["a role", { role: "nobody" }, 'no organization role has the id or name "nobody"'],
  [
    "a scope of a known resource",
    { scopes: [scopes.write, orders("fly"), orders("fly")] },
    'Logto has no scope "fly" of the API resource "https://orders.example.com"',
  ],
  [
    "a resource",
    { scopes: [elsewhere("read")] },
    'Logto has no scope "read" of the API resource "https://elsewhere.example.com"',
  ],
  [
    "what is more than a name",
    { scopes: [{ resource: "ada@example.com", scope: "secret?" }] },
    "Logto has no scope given of the API resource given",
  ],
  [
    "seven scopes",
    { scopes: ["a", "b", "c", "d", "e", "f", "g"].map(orders) },
    '"e" of the API resource "https://orders.example.com" and 2 more',
  ],
];

const unknownIds: readonly (readonly [string, Json, string])[] = [
  [
    "the ids of scopes",
    { scopes: ["orders.write", "scope-1", scopes.write, "scope-2"] },
    'Logto has no scope "scope-1", "scope-2" (',
  ],
];

function expectNamed({ error }: Delivered, words: string): void {
  expect(error).toBeInstanceOf(ReferenceNotFoundError);
  expect(String(error)).toContain(words);
  expect(String(error)).not.toContain("@");
  expect(world.held("role-member")).toEqual(["orders.write"]);
  const ended = (ageMs: number) => outcomeOfError(error, ageMs);
  expect(ended(15 * MINUTE - 1)).toMatchObject({ outcome: "retry", reason: "reference-not-found" });
  expect(ended(15 * MINUTE)).toMatchObject({ outcome: "reject", reason: "reference-not-found" });
}

/** A remove takes an id as it is: what Logto does not know is not held. */
const cases = roleScopesWords.flatMap((word) =>
  [...unknown, ...(word === "remove" ? [] : unknownIds)].map(
    ([what, data, words]) => [word, what, data, words] as const,
  ),
);

describe("what Logto does not know is named, retried for a quarter of an hour and then rejected", () => {
  test.each(cases)("%s: %s", async (word, _, data, words) => {
    expectNamed(await world.deliver(word, data), words);
    expectNamed(await world.deliver(word, data), words);
    world.cold();
    expectNamed(await world.deliver(word, data), words);
  });

  test.each(["replace", "sync"] as const)("%s: a role, be there nothing to write", async (word) => {
    const { error } = await world.deliver(word, { role: "nobody", scopes: [] });
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
  });
});

describe("what is unknown costs few calls", () => {
  test.each(roleScopesWords)("%s of a thousand unknown names: one read more", async (word) => {
    await world.warm();
    const names = Array.from({ length: 1_000 }, (_, index) => orders(`unknown-${index}`));
    // As on a real clock, time passes during a read.
    world.standIn.faults.add({
      on: ({ template }) => template === "/api/resources" && world.advance(1) === undefined,
      action: { kind: "delay" },
    });
    const { error, calls } = await world.deliver(word, { scopes: names });
    expect(String(error)).toContain("and 995 more");
    expect(calls.filter((call) => call === "resources")).toHaveLength(1);
    expect(calls).not.toContain("POST");
    expect(calls).not.toContain("PUT");
  });

  test("and leaves the names that others use in memory", async () => {
    await world.warm();
    expect((await world.deliver("assign", { role: "nobody" })).calls).toEqual(["roles"]);
    expect((await world.deliver("assign", { scopes: [orders("fly")] })).calls).toEqual([
      "resources",
    ]);
    expect((await world.deliver("assign")).calls).toEqual(["POST"]);
  });
});

describe("what was on its way is found by the next delivery", () => {
  const arrivals: readonly (readonly [string, Json, () => unknown])[] = [
    [
      "a role",
      { role: "new" },
      () => world.standIn.seed({ roles: [{ id: "role-new", name: "new" }] }),
    ],
    [
      "a resource",
      { scopes: [elsewhere("read")] },
      () =>
        world.standIn.seed({
          resources: [
            {
              name: "Elsewhere",
              indicator: elsewhere("").resource,
              scopes: [{ id: "elsewhere.read", name: "read" }],
            },
          ],
        }),
    ],
  ];

  test.each(
    roleScopesWords.flatMap((word) =>
      arrivals.map(([what, data, arrive]) => [word, what, data, arrive] as const),
    ),
  )("%s: %s", async (word: RoleScopesWord, _, data, arrive) => {
    expect((await world.deliver(word, data)).error).toBeInstanceOf(ReferenceNotFoundError);
    arrive();
    expect((await world.deliver(word, data)).outcome).toMatchObject({ outcome: "done" });
  });
});

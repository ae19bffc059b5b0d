import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

const API = "https://api.example.com";
const OTHER = "https://other.example.com";

let world: World;
beforeEach(async () => {
  world = await startWorld();
  world.standIn.seed({
    resources: [
      {
        name: "API",
        indicator: API,
        scopes: ["read", "write", "delete", "list", "share"].map((name) => ({ id: name, name })),
      },
      { name: "Other", indicator: OTHER, scopes: [{ id: "other", name: "other" }] },
    ],
    roles: [
      { id: "editor", name: "editor", resourceScopeIds: ["read", "delete", "other"] },
      { id: "viewer", name: "viewer", resourceScopeIds: ["read"] },
      {
        id: "admin",
        name: "admin",
        resourceScopeIds: ["read", "write", "delete", "list", "share"],
      },
    ],
  });
});
afterEach(() => world.stop());

const noon = { scheduledTime: "2026-03-01T12:00:00Z" };
const held = (role: string) => [...(world.standIn.state.roleScopes.get(role) ?? [])].toSorted();

const drifted = `
roles:
  editor:
    prune: true
    ${API}: [read, write]
  viewer:
    ${API}: [read]
`;

describe("role scopes that have drifted", () => {
  test("are asked to be synced, by an event for each role, and nothing else is", async () => {
    const answer = await world.run(noon, { declaration: drifted });
    const events = await world.events();
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event).toMatchObject({ queue: "role-scopes", type: "onboarding.role-scopes.sync" });
    expect(event?.id).toMatch(/^sync:editor:[\da-f]{16}$/);
    expect(JSON.parse(event?.body ?? "").data).toEqual({
      role: "editor",
      scopes: [
        { resource: API, scope: "read" },
        { resource: API, scope: "write" },
      ],
      prune: [API],
    });
    expect(answer).toMatchObject({
      complete: true,
      published: { "onboarding.role-scopes.sync": 1 },
      eventIds: [event?.id],
      roleScopes: {
        declaredRoles: 2,
        driftedRoles: 1,
        drifted: [
          {
            role: "editor",
            assign: 1,
            remove: 1,
            changes: [`+ ${API} write`, `- ${API} delete`],
          },
        ],
        unresolved: [],
        notManagedRoles: 2,
      },
    });
  });

  test("are mended by the event, and found no more", async () => {
    await world.run(noon, { declaration: drifted });
    expect(await world.carryOut(await world.events())).toEqual(["synced"]);
    expect(held("editor")).toEqual(["other", "read", "write"]);
    const answer = await world.run(
      { scheduledTime: "2026-03-01T12:00:00Z" },
      { declaration: drifted },
    );
    expect(answer).toMatchObject({ published: {}, roleScopes: { driftedRoles: 0 } });
  });

  test("are asked for once when two runs find the same, and anew when there is another drift", async () => {
    await Promise.all([
      world.run(noon, { declaration: drifted }),
      world.run(noon, { declaration: drifted }),
    ]);
    const first = await world.events();
    expect(first).toHaveLength(1);
    world.standIn.state.roleScopes.get("editor")?.delete("read");
    await world.run(noon, { declaration: drifted });
    const second = await world.events();
    expect(second).toHaveLength(1);
    expect(second[0]?.id).not.toBe(first[0]?.id);
  });

  test("are left where a dry run finds them", async () => {
    const answer = await world.run({ dryRun: true, only: "role-scopes" }, { declaration: drifted });
    expect(answer.published).toEqual({ "onboarding.role-scopes.sync": 1 });
    expect(await world.events()).toEqual([]);
  });

  test("are not looked for where invitations alone are asked for", async () => {
    const answer = await world.run({ only: "invitations" }, { declaration: drifted });
    expect(answer).not.toHaveProperty("roleScopes");
    expect(world.standIn.calls.count("GET /api/organization-roles")).toBe(0);
  });

  test("are only added to where the role does not prune", async () => {
    const declaration = `roles: { editor: { "${API}": [write] } }`;
    await world.run(noon, { declaration });
    const [event] = await world.events();
    expect(JSON.parse(event?.body ?? "").data.prune).toBe(false);
    await world.carryOut(event === undefined ? [] : [event]);
    expect(held("editor")).toEqual(["delete", "other", "read", "write"]);
  });
});

describe("a role", () => {
  test("of which Logto does not know every name is left alone, the others are not", async () => {
    const declaration = `
roles:
  editor:
    ${API}: [read, write, raed]
  viewer:
    ${API}: [read, list]
  nobody:
    ${API}: [read]
`;
    const answer = await world.run(noon, { declaration });
    expect((await world.events()).map(({ id }) => id)).toEqual([
      expect.stringMatching(/^sync:viewer:/),
    ]);
    expect(answer.roleScopes).toMatchObject({
      declaredRoles: 3,
      driftedRoles: 2,
      drifted: [
        { role: "editor", leftAlone: "Logto does not know every name of it." },
        { role: "viewer" },
      ],
      unresolved: [`editor ${API} raed`, "nobody"],
    });
    expect(answer.roleScopes?.drifted[1]).not.toHaveProperty("leftAlone");
    expect(answer.notes).toContain(
      "Logto does not know every name that is declared: those roles are left alone.",
    );
  });

  test("that no event can hold is left alone, with the reason", async () => {
    const scopes = Array.from({ length: 1_001 }, (_, index) => ({ name: `scope-${index}` }));
    world.standIn.seed({
      resources: [{ name: "Big", indicator: "https://big.example.com", scopes }],
    });
    const declaration = `roles: { viewer: { "https://big.example.com": [${scopes.map(({ name }) => name).join()}] } }`;
    const answer = await world.run(noon, { declaration });
    expect(await world.events()).toEqual([]);
    expect(answer.roleScopes?.drifted).toMatchObject([
      {
        assign: 1_001,
        changes: { length: 20 },
        leftAlone: "No event can ask for it: data.scopes must name at most 1000 scopes.",
      },
    ]);
  });
});

describe("a plan that removes much", () => {
  const declaration = `roles: { admin: { prune: true, "${API}": [read] }, viewer: { "${API}": [list] } }`;

  test("is refused as a whole, and says how it is agreed to", async () => {
    const answer = await world.run(noon, { declaration });
    expect(await world.events()).toEqual([]);
    expect(answer).toMatchObject({ complete: true, published: {} });
    expect(answer.roleScopes).toMatchObject({
      driftedRoles: 2,
      refused: expect.stringMatching(/^The plan removes 4 of the 6 scopes .* allow 4 removals/),
    });
  });

  test("is carried out when a run or the deployment agrees to as many", async () => {
    const both = { "onboarding.role-scopes.sync": 2 };
    const asked = await world.run({ allowRemovals: 4 }, { declaration });
    expect(asked.published).toEqual(both);
    expect(await world.events()).toHaveLength(2);
    const policy = { allowRemovals: 4 };
    expect((await world.run(noon, { declaration, policy })).published).toEqual(both);
    const refused = await world.run({ allowRemovals: 3 }, { declaration, policy });
    expect(refused.roleScopes?.refused).toContain("more than the 3 that are allowed");
  });
});

describe("what is left alone", () => {
  const misspelt = `{ prune: true, "${API}": [read, wirte, deltee, lsit, sahre] }`;

  test("refuses no plan: its removals are not carried out", async () => {
    const declaration = `roles: { admin: ${misspelt}, viewer: { "${API}": [list] } }`;
    const answer = await world.run(noon, { declaration });
    expect(answer.roleScopes).not.toHaveProperty("refused");
    expect((await world.events()).map(({ id }) => id)).toEqual([
      expect.stringMatching(/^sync:viewer:/),
    ]);
  });

  test("lends no other role its scopes: so many removals more would be allowed", async () => {
    const scopes = Array.from({ length: 40 }, (_, index) => ({
      id: `big-${index}`,
      name: `${index}`,
    }));
    world.standIn.seed({
      resources: [{ name: "Big", indicator: "https://big.example.com", scopes }],
      roles: [{ id: "big", name: "big", resourceScopeIds: scopes.map(({ id }) => id) }],
    });
    const big = `{ "https://big.example.com": [misspelt] }`;
    const declaration = `roles: { big: ${big}, admin: { prune: true, "${API}": [read] } }`;
    const answer = await world.run(noon, { declaration });
    expect(answer.roleScopes?.refused).toMatch(/^The plan removes 4 of the 5 scopes/);
    expect(await world.events()).toEqual([]);
  });
});

test("an event's id, which stands in logs, names the role by its id: a name may hold anything", async () => {
  world.standIn.seed({ roles: [{ id: "role-1", name: "ada@example.com's" }] });
  const declaration = `roles: { "ada@example.com's": { "${API}": [read] } }`;
  await world.run(noon, { declaration });
  const events = await world.events();
  expect(events.map(({ id }) => id)).toEqual([expect.stringMatching(/^sync:role-1:[\da-f]{16}$/)]);
  expect(await world.carryOut(events)).toEqual(["synced"]);
});

test("names are told apart, and order no terminal about", async () => {
  world.standIn.seed({
    resources: [
      {
        name: "Odd",
        indicator: "https://odd.example.com",
        scopes: [{ id: "odd", name: "\u001b[2Jread all" }],
      },
    ],
    roles: [{ id: "two", name: "two words", resourceScopeIds: ["odd"] }],
  });
  const declaration = `roles: { two words: { prune: true, "https://odd.example.com": [] }, no body: { "${API}": [fly high] } }`;
  const { roleScopes } = await world.run({ dryRun: true }, { declaration });
  expect(roleScopes?.drifted[0]?.changes).toEqual([
    '- https://odd.example.com "\\u{1b}[2Jread all"',
  ]);
  expect(roleScopes?.unresolved).toEqual(['"no body"', `"no body" ${API} "fly high"`]);
});

test("the answer stays short when everything has drifted", async () => {
  const names = Array.from({ length: 150 }, (_, index) => `role-${index}`);
  world.standIn.seed({ roles: names.map((name) => ({ name })) });
  const declaration = `roles:\n${names.map((name) => `  ${name}:\n    ${API}: [read, write, delete, list, share]\n`).join("")}`;
  const answer = await world.run(noon, { declaration });
  expect(answer.roleScopes).toMatchObject({ driftedRoles: 150, drifted: { length: 100 } });
  expect(answer.eventIds).toHaveLength(100);
  expect(answer.published).toEqual({ "onboarding.role-scopes.sync": 150 });
  expect(JSON.stringify(answer).length).toBeLessThan(100_000);
  expect(await world.events()).toHaveLength(150);
});

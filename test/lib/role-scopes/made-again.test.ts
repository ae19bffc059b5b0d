import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../support/events.ts";
import type { RoleScopesWord } from "../../support/role-scopes-event.ts";
import { openRoleWorld, type RoleWorld, scopes } from "./world.ts";

/**
 * Names are in memory when what they stand for is deleted and made again: their ids are of no use. An
 * event that waited through an outage is rejected for a reference that is not found, so it is found by
 * the delivery that meets it.
 */

let world: RoleWorld;
beforeEach(async () => {
  world = await openRoleWorld();
  await world.warm();
});
afterEach(() => world.close());

type Case = readonly [string, RoleScopesWord, Json, readonly string[]];

/** Event, what the role holds before that it is about, and what it is to hold after. */
const roleCases: readonly Case[] = [
  ["an assign", "assign", {}, ["orders.export", "orders.read"]],
  ["a replace", "replace", {}, ["orders.read"]],
  ["an empty replace", "replace", { scopes: [] }, []],
  ["a removal", "remove", { scopes: [scopes.export] }, []],
  ["a removal of several", "remove", { scopes: [scopes.export, scopes.write] }, []],
  ["a sync", "sync", {}, ["orders.export", "orders.read"]],
  ["a sync that prunes", "sync", { prune: true }, ["orders.read"]],
  ["a sync that empties", "sync", { scopes: [], prune: true }, []],
];

describe("a role that was made again under its name", () => {
  test.each(roleCases)("gets what is meant by %s at once", async (_, word, data, end) => {
    world.hold("role-member", "orders.export");
    const id = world.remakeRole("member");
    world.hold(id, "orders.export");
    const { outcome } = await world.deliver(word, data);
    expect(outcome).toMatchObject({ outcome: "done", organizationRoleId: id });
    expect(world.held(id)).toEqual(end);
  });
});

describe("a scope that was made again under its name", () => {
  test.each<readonly [string, RoleScopesWord, Json]>([
    ["an assign", "assign", {}],
    ["an assign of several", "assign", { scopes: [scopes.read, scopes.write] }],
    ["a replace", "replace", {}],
    ["a sync", "sync", {}],
    ["a sync that prunes", "sync", { prune: true }],
  ])("is given by %s at once", async (_, word, data) => {
    const id = world.remakeScope("orders", "read");
    const { outcome } = await world.deliver(word, data);
    expect(outcome).toMatchObject({ outcome: "done" });
    expect(world.held("role-member")).toContain(id);
  });

  test.each<readonly [string, RoleScopesWord, Json]>([
    ["a removal", "remove", {}],
    ["a removal of several", "remove", { scopes: [scopes.read, scopes.write] }],
  ])("is taken away by %s that is sure of the old one", async (_, word, data) => {
    const id = world.remakeScope("orders", "read");
    world.hold("role-member", id, "files.read");
    const { outcome } = await world.deliver(word, data);
    expect(outcome).toMatchObject({ detail: "removed", removed: 1 });
    expect(world.held("role-member")).toEqual(["files.read"]);
  });

  test("that the role holds is left by a sync that prunes", async () => {
    const id = world.remakeScope("orders", "read");
    world.hold("role-member", id);
    const { outcome } = await world.deliver("sync", { prune: true });
    expect(outcome).toMatchObject({ detail: "in-sync" });
    expect(world.held("role-member")).toEqual([id]);
  });
});

describe("a resource that was made again under its indicator", () => {
  test("is the one that is pruned", async () => {
    const held = world.remakeResource("orders");
    world.hold("role-member", ...held, "files.read");
    const data = { scopes: [], prune: [scopes.read.resource] };
    const { outcome } = await world.deliver("sync", data);
    expect(outcome).toMatchObject({ detail: "synced", removed: held.length });
    expect(world.held("role-member")).toEqual(["files.read"]);
  });

  test("is the one whose scopes are taken away", async () => {
    const held = world.remakeResource("orders");
    world.hold("role-member", ...held);
    await world.deliver("remove", { scopes: [scopes.read, scopes.write, scopes.export] });
    expect(world.held("role-member")).toEqual([]);
  });
});

test.each(["assign", "replace", "sync"] as const)(
  "a role and a scope that were both made again are found by a %s at once",
  async (word) => {
    const roleId = world.remakeRole("member");
    const scopeId = world.remakeScope("orders", "read");
    expect((await world.deliver(word)).outcome).toMatchObject({ outcome: "done" });
    expect(world.held(roleId)).toEqual([scopeId]);
  },
);

test("what comes to light in a write is looked up anew once, at the cost of one read of each list", async () => {
  world.remakeScope("orders", "read");
  const calls = ["POST", "roles", "resources", "POST"];
  expect((await world.deliver("assign")).calls).toEqual(calls);
  expect((await world.deliver("assign")).calls).toEqual(["POST"]);
});

test("an id that is gone keeps no removal from a role that was made again", async () => {
  const id = world.remakeRole("member");
  world.hold(id, "orders.export");
  const { outcome } = await world.deliver("remove", { scopes: ["gone", "orders.export"] });
  expect(outcome).toMatchObject({ detail: "removed", removed: 1 });
  expect(world.held(id)).toEqual([]);
});

test("what Logto does not know though it lists it is tried once more, and no oftener", async () => {
  world.standIn.faults.add({
    on: "POST /api/organization-roles/{id}/resource-scopes",
    action: {
      kind: "answer",
      status: 422,
      body: JSON.stringify({ code: "entity.relation_foreign_key_not_found", message: "" }),
    },
  });
  const { error, calls } = await world.deliver("assign");
  expect(error).toMatchObject({ meaning: "reference-not-found", status: 422 });
  expect(calls.filter((call) => call === "POST")).toHaveLength(2);
});

test("an outage while names are looked up anew is told as the outage it is", async () => {
  world.remakeScope("orders", "read");
  world.standIn.faults.add({
    on: "GET /api/resources",
    action: { kind: "answer", status: 500, body: "Internal Server Error" },
  });
  expect((await world.deliver("assign")).error).toMatchObject({ meaning: "unavailable" });
  world.standIn.faults.clear();
  expect((await world.deliver("assign")).outcome).toMatchObject({ outcome: "done" });
});

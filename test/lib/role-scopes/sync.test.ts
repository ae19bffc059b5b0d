import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { openRoleWorld, type RoleWorld, scopes } from "./world.ts";

const ORDERS = scopes.read.resource;
const FILES = scopes.filesRead.resource;

let world: RoleWorld;
beforeEach(async () => {
  world = await openRoleWorld();
  world.hold("role-member", "orders.read", "orders.write", "files.read");
  await world.warm();
});
afterEach(() => world.close());

const outcomeOf = (assigned: number, removed: number) => ({
  outcome: "done",
  detail: assigned + removed === 0 ? "in-sync" : "synced",
  organizationRoleId: "role-member",
  assigned,
  removed,
});

describe("a sync", () => {
  test.each([
    ["names all that is held", [scopes.read, "orders.write", scopes.filesRead], true],
    ["names a part and prunes nothing", [scopes.read], false],
    ["names nothing and prunes nothing", [], false],
    ["names nothing of the resources it prunes, none", [], []],
    ["names a thing twice", [scopes.read, "orders.read", "orders.write", scopes.write], [ORDERS]],
  ])("that %s writes nothing when there is no drift", async (_, named, prune) => {
    const { outcome, calls } = await world.deliver("sync", { scopes: named, prune });
    expect(outcome).toEqual(outcomeOf(0, 0));
    expect(calls).toEqual(["look"]);
  });

  test.each([
    ["false", false],
    ["not said", undefined],
    ["a resource of which nothing goes", [ORDERS]],
  ])("that only adds is a look and a POST of what is missing; prune is %s", async (_, prune) => {
    const named = [scopes.read, scopes.write, scopes.export, "files.share"];
    const first = await world.deliver("sync", { scopes: named, prune });
    expect(first.outcome).toEqual(outcomeOf(2, 0));
    expect(first.calls).toEqual(["look", "POST"]);
    expect(first.sent).toEqual([{ scopeIds: ["files.share", "orders.export"] }]);
    const again = await world.deliver("sync", { scopes: named, prune });
    expect(again.outcome).toEqual(outcomeOf(0, 0));
    expect(again.calls).toEqual(["look"]);
    expect(world.held("role-member")).toEqual(
      ["orders.read", "orders.write", "files.read", "orders.export", "files.share"].toSorted(),
    );
  });

  test("that prunes everything is a look and one PUT, and leaves what is named", async () => {
    const data = { scopes: [scopes.write, scopes.export], prune: true };
    const first = await world.deliver("sync", data);
    expect(first.outcome).toEqual(outcomeOf(1, 2));
    expect(first.calls).toEqual(["look", "PUT"]);
    expect(first.sent).toEqual([{ scopeIds: ["orders.write", "orders.export"] }]);
    expect((await world.deliver("sync", data)).calls).toEqual(["look"]);
    expect(world.held("role-member")).toEqual(["orders.export", "orders.write"]);
  });

  test("that prunes one resource leaves the others", async () => {
    const { outcome } = await world.deliver("sync", { scopes: [scopes.read], prune: [ORDERS] });
    expect(outcome).toEqual(outcomeOf(0, 1));
    expect(world.held("role-member")).toEqual(["files.read", "orders.read"]);
  });

  test("that names nothing and prunes takes away what there is", async () => {
    await world.deliver("sync", { scopes: [], prune: [FILES, FILES] });
    expect(world.held("role-member")).toEqual(["orders.read", "orders.write"]);
    await world.deliver("sync", { scopes: [], prune: true });
    expect(world.held("role-member")).toEqual([]);
  });

  test("by ids alone asks for no resources", async () => {
    world.cold();
    const data = { role: "role-member", scopes: ["orders.export"], prune: true };
    expect((await world.deliver("sync", data)).calls).toEqual(["roles", "look", "PUT"]);
    expect(world.held("role-member")).toEqual(["orders.export"]);
  });

  test("works on a role for machine-to-machine apps like on any other", async () => {
    await world.deliver("sync", { role: "machine" });
    expect(world.held("role-machine")).toEqual(["orders.read"]);
  });

  test("that prunes a resource Logto does not know is an error, and changes nothing", async () => {
    const data = { scopes: [scopes.export], prune: ["https://unknown.example.com", FILES] };
    const { error } = await world.deliver("sync", data);
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(String(error)).toContain('Logto has no API resource "https://unknown.example.com" (');
    expect(world.held("role-member")).toHaveLength(3);
  });

  test("changes nothing at all when one of its scopes is unknown", async () => {
    const data = { scopes: [scopes.export, "unknown"], prune: true };
    const { error } = await world.deliver("sync", data);
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(world.held("role-member")).toHaveLength(3);
  });

  test("of a role that is gone is no success", async () => {
    world.standIn.state.roles.delete("role-member");
    const { error } = await world.deliver("sync", { scopes: [], prune: true });
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(String(error)).toContain('"member"');
  });
});

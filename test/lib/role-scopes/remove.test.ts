import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { openRoleWorld, type RoleWorld, scopes } from "./world.ts";

let world: RoleWorld;
beforeEach(async () => {
  world = await openRoleWorld();
  world.hold("role-member", "orders.read", "orders.write", "files.read");
  world.hold("role-admin", "orders.read");
});
afterEach(() => world.close());

const removed = (count: number) => ({
  outcome: "done",
  detail: "removed",
  organizationRoleId: "role-member",
  removed: count,
});
const notAssigned = { ...removed(0), detail: "not-assigned" };

describe("a removal of one scope", () => {
  test.each([
    ["member", scopes.read],
    ["role-member", "orders.read"],
  ])("takes it from the role %s and from no other", async (role, scope) => {
    const { outcome } = await world.deliver("remove", { role, scopes: [scope] });
    expect(outcome).toEqual(removed(1));
    expect(world.held("role-member")).toEqual(["files.read", "orders.write"]);
    expect(world.held("role-admin")).toEqual(["orders.read"]);
  });

  test("is one call, also when it is named twice; a replay finds it gone with two", async () => {
    const data = { scopes: [scopes.read, "orders.read", scopes.read] };
    expect((await world.deliver("remove", data)).calls).toEqual(["roles", "resources", "DELETE"]);
    const { outcome, calls } = await world.deliver("remove", data);
    expect(outcome).toEqual(notAssigned);
    expect(calls).toEqual(["DELETE", "look"]);
  });

  test.each([
    ["that the role does not hold", scopes.export],
    ["that the role does not hold, by its id", "orders.export"],
    ["whose id Logto does not know: it is surely not held", "unknown"],
  ])("%s is done", async (_, scope) => {
    await world.warm();
    const { outcome, calls } = await world.deliver("remove", { scopes: [scope] });
    expect(outcome).toEqual(notAssigned);
    expect(calls).toEqual(["DELETE", "look"]);
    expect(world.held("role-member")).toHaveLength(3);
  });

  test("leaves the scope of the same name of another resource", async () => {
    await world.deliver("remove", { scopes: [scopes.filesRead] });
    expect(world.held("role-member")).toEqual(["orders.read", "orders.write"]);
  });

  test("works on a role for machine-to-machine apps like on any other", async () => {
    world.hold("role-machine", "orders.read");
    await world.deliver("remove", { role: "machine" });
    expect(world.held("role-machine")).toEqual([]);
  });
});

describe("a removal of several scopes", () => {
  test("is a look and one write, and a look when it is replayed", async () => {
    const data = { scopes: [scopes.read, "files.read", scopes.export] };
    const first = await world.deliver("remove", data);
    expect(first.outcome).toEqual(removed(2));
    expect(first.calls).toEqual(["roles", "resources", "look", "PUT"]);
    expect(first.sent).toEqual([{ scopeIds: ["orders.write"] }]);
    const again = await world.deliver("remove", data);
    expect(again.outcome).toEqual(notAssigned);
    expect(again.calls).toEqual(["look"]);
    expect(world.held("role-member")).toEqual(["orders.write"]);
  });

  test("may take away all there is", async () => {
    const data = { scopes: [scopes.read, scopes.write, scopes.filesRead] };
    expect((await world.deliver("remove", data)).outcome).toEqual(removed(3));
    expect(world.held("role-member")).toEqual([]);
  });

  test("that the role does not hold is done", async () => {
    const data = { scopes: [scopes.export, scopes.filesShare, "unknown"] };
    const { outcome, sent } = await world.deliver("remove", data);
    expect(outcome).toEqual(notAssigned);
    expect(sent).toEqual([]);
  });
});

test.each([
  ["one scope", [scopes.read]],
  ["several scopes", [scopes.read, scopes.write]],
])("a removal of %s from a role that is gone is no success", async (_, unwanted) => {
  await world.warm();
  world.standIn.state.roles.delete("role-member");
  world.standIn.state.roleScopes.delete("role-member");
  const { error } = await world.deliver("remove", { scopes: unwanted });
  expect(error).toBeInstanceOf(ReferenceNotFoundError);
  expect(String(error)).toContain('"member"');
});

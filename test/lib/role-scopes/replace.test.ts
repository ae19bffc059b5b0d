import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { openRoleWorld, type RoleWorld, scopes } from "./world.ts";

let world: RoleWorld;
beforeEach(async () => {
  world = await openRoleWorld();
});
afterEach(() => world.close());

const done = { outcome: "done", detail: "replaced", organizationRoleId: "role-member" };
const inSync = { outcome: "done", detail: "in-sync", organizationRoleId: "role-member" };

describe("a replace", () => {
  test.each(["member", "role-member"])("makes these the scopes of the role %s", async (role) => {
    world.hold("role-member", "files.read", "orders.write");
    const { outcome } = await world.deliver("replace", {
      role,
      scopes: [scopes.read, "orders.write"],
    });
    expect(outcome).toEqual(done);
    expect(world.held("role-member")).toEqual(["orders.read", "orders.write"]);
    expect(world.held("role-admin")).toEqual([]);
  });

  test("sends a scope once that is named twice, which Logto would refuse", async () => {
    const twice = ["orders.read", scopes.read, "orders.read"];
    const { outcome, sent } = await world.deliver("replace", { scopes: twice });
    expect(outcome).toEqual(done);
    expect(sent).toEqual([{ scopeIds: ["orders.read"] }]);
  });

  test("costs one call more than the names, and again when it is replayed", async () => {
    expect((await world.deliver("replace")).calls).toEqual(["roles", "resources", "PUT"]);
    expect((await world.deliver("replace")).calls).toEqual(["PUT"]);
    expect(world.held("role-member")).toEqual(["orders.read"]);
  });

  test("changes nothing at all when one of its scopes is unknown", async () => {
    world.hold("role-member", "files.read");
    const { error } = await world.deliver("replace", { scopes: ["orders.read", "unknown"] });
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(world.held("role-member")).toEqual(["files.read"]);
  });

  test("works on a role for machine-to-machine apps like on any other", async () => {
    await world.deliver("replace", { role: "machine" });
    expect(world.held("role-machine")).toEqual(["orders.read"]);
  });
});

describe("an empty replace", () => {
  test("takes everything away, after a look", async () => {
    world.hold("role-member", "files.read", "orders.write");
    const { outcome, calls, sent } = await world.deliver("replace", { scopes: [] });
    expect(outcome).toEqual(done);
    expect(calls).toEqual(["roles", "look", "PUT"]);
    expect(sent).toEqual([{ scopeIds: [] }]);
    expect(world.held("role-member")).toEqual([]);
  });

  test("writes nothing when there is nothing to take away", async () => {
    const { outcome, calls } = await world.deliver("replace", { scopes: [] });
    expect(outcome).toEqual(inSync);
    expect(calls).toEqual(["roles", "look"]);
  });

  test("of a role that is gone is no success, although Logto would say yes", async () => {
    await world.warm();
    world.standIn.state.roles.delete("role-member");
    const { error, calls } = await world.deliver("replace", { scopes: [] });
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(String(error)).toContain('"member"');
    expect(calls).toEqual(["look", "roles"]);
  });
});

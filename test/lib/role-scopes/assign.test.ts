import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { NAMES_TTL_MS, openRoleWorld, type RoleWorld, scopes } from "./world.ts";

let world: RoleWorld;
beforeEach(async () => {
  world = await openRoleWorld();
});
afterEach(() => world.close());

const done = { outcome: "done", detail: "assigned", organizationRoleId: "role-member" };

describe("an assign", () => {
  test.each(["member", "role-member"])("gives the role %s the scopes as well", async (role) => {
    world.hold("role-member", "files.read");
    const { outcome } = await world.deliver("assign", {
      role,
      scopes: [scopes.read, "orders.write"],
    });
    expect(outcome).toEqual(done);
    expect(world.held("role-member")).toEqual(["files.read", "orders.read", "orders.write"]);
    expect(world.held("role-admin")).toEqual([]);
  });

  test("sends a scope once that is named several times and ways", async () => {
    const twice = [scopes.read, "orders.read", scopes.read, "orders.write", "orders.write"];
    const { sent } = await world.deliver("assign", { scopes: twice });
    expect(sent).toEqual([{ scopeIds: ["orders.read", "orders.write"] }]);
  });

  test("costs one call more than the names, and again when it is replayed", async () => {
    expect((await world.deliver("assign")).calls).toEqual(["roles", "resources", "POST"]);
    expect((await world.deliver("assign")).calls).toEqual(["POST"]);
    expect(world.held("role-member")).toEqual(["orders.read"]);
  });

  test("needs no resources for scopes that are named by their ids", async () => {
    const { calls } = await world.deliver("assign", { scopes: ["orders.read", "files.read"] });
    expect(calls).toEqual(["roles", "POST"]);
  });

  test("tells two scopes of one name apart by their resource", async () => {
    await world.deliver("assign", { scopes: [scopes.filesRead] });
    expect(world.held("role-member")).toEqual(["files.read"]);
  });

  test("works on a role for machine-to-machine apps like on any other", async () => {
    const { outcome } = await world.deliver("assign", { role: "machine" });
    expect(outcome).toMatchObject({ detail: "assigned", organizationRoleId: "role-machine" });
    expect(world.held("role-machine")).toEqual(["orders.read"]);
  });

  test("takes a role's id for that role, also where another is called so", async () => {
    world.standIn.seed({ roles: [{ id: "role-tricky", name: "role-member" }] });
    await world.deliver("assign", { role: "role-member" });
    expect(world.held("role-member")).toEqual(["orders.read"]);
    expect(world.held("role-tricky")).toEqual([]);
  });

  test("changes nothing at all when one of its scopes is unknown", async () => {
    for (const unknown of ["unknown", { ...scopes.read, scope: "unknown" }]) {
      const { error } = await world.deliver("assign", { scopes: [scopes.read, unknown] });
      expect(error).toBeInstanceOf(ReferenceNotFoundError);
    }
    expect(world.held("role-member")).toEqual([]);
  });
});

describe("the names of 150 roles", () => {
  beforeEach(() => {
    world.standIn.seed({ roles: Array.from({ length: 147 }, (_, n) => ({ name: `role ${n}` })) });
  });

  test("are read with two calls, and the resources with one", async () => {
    const { calls } = await world.deliver("assign");
    expect(calls).toEqual(["roles", "roles", "resources", "POST"]);
  });

  test("are read once for as long as they are fresh, and then anew", async () => {
    await world.deliver("assign");
    world.advance(NAMES_TTL_MS - 10);
    expect((await world.deliver("assign", { role: "role 146" })).calls).toEqual(["POST"]);
    world.advance(10);
    expect((await world.deliver("assign")).calls).toEqual(["roles", "roles", "resources", "POST"]);
  });

  test("are read once more for a role and a scope that are new, and found at once", async () => {
    await world.deliver("assign");
    world.standIn.seed({ roles: [{ id: "role-new", name: "zz new" }] });
    world.remakeScope("orders", "read");
    world.standIn.seed({
      resources: [{ name: "New", indicator: "https://new.example.com", scopes: [{ name: "use" }] }],
    });
    const data = {
      role: "zz new",
      scopes: [{ resource: "https://new.example.com", scope: "use" }],
    };
    const { outcome, calls } = await world.deliver("assign", data);
    expect(outcome).toMatchObject({ organizationRoleId: "role-new" });
    expect(calls).toEqual(["roles", "roles", "resources", "POST"]);
  });

  test("are read once by twenty events of different roles that come at once", async () => {
    const delivered = await Promise.all(
      Array.from({ length: 20 }, (_, n) => world.deliver("assign", { role: `role ${n}` })),
    );
    for (const { outcome } of delivered) expect(outcome).toMatchObject({ detail: "assigned" });
    expect(world.standIn.calls.counts()).toEqual({
      "GET /api/organization-roles": 2,
      "GET /api/resources": 1,
      "POST /api/organization-roles/{id}/resource-scopes": 20,
    });
  });
});

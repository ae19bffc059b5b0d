import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NotFoundError, ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { tenant } from "./tenant.ts";
import { testClient } from "./test-client.ts";

let logto: LogtoStandIn;
beforeEach(async () => {
  logto = await startLogtoStandIn();
});
afterEach(() => logto.stop());

const scopesOf = (roleId: string) => [...(logto.state.roleScopes.get(roleId) ?? [])];

describe("organizationRoles.list", () => {
  test("pages over 250 roles in three calls", async () => {
    const names = Array.from({ length: 250 }, (_, index) => `role-${1000 + index}`);
    logto.seed({ roles: names.map((name) => ({ name })) });

    const listed = await Array.fromAsync(testClient(logto).organizationRoles.list());

    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(logto.calls.count("GET /api/organization-roles")).toBe(3);
  });

  test.each([
    [0, 1],
    [100, 1],
    [101, 2],
    [200, 2],
  ])("reads %i roles in %i calls", async (roles, calls) => {
    const names = Array.from({ length: roles }, (_, index) => `role-${1000 + index}`);
    logto.seed({ roles: names.map((name) => ({ name })) });

    const listed = await Array.fromAsync(testClient(logto).organizationRoles.list());

    expect(listed).toHaveLength(roles);
    expect(logto.calls.count("GET /api/organization-roles")).toBe(calls);
  });

  test("gives each role's type and resource scopes", async () => {
    logto.seed(tenant);

    const [editor, robot] = await Array.fromAsync(testClient(logto).organizationRoles.list());

    expect(editor).toMatchObject({
      id: "editor",
      name: "editor",
      type: "User",
      resourceScopes: [
        { id: "read", name: "read", resource: { id: "documents", name: "Documents" } },
      ],
    });
    expect(robot).toMatchObject({ type: "MachineToMachine", resourceScopes: [] });
  });
});

describe("organizationRoles.listResourceScopes", () => {
  test("gives all resource scopes of a role in one call", async () => {
    const scopes = Array.from({ length: 250 }, (_, index) => ({
      id: `scope-${index}`,
      name: `scope-${index}`,
    }));
    const resourceScopeIds = scopes.map(({ id }) => id);
    logto.seed({
      resources: [{ name: "Documents", indicator: "https://documents.example.com", scopes }],
      roles: [{ id: "editor", name: "editor", resourceScopeIds }],
    });

    const listed = await Array.fromAsync(
      testClient(logto).organizationRoles.listResourceScopes("editor"),
    );

    expect(listed.map(({ id }) => id)).toEqual(resourceScopeIds);
    expect(logto.calls.count("GET /api/organization-roles/{id}/resource-scopes")).toBe(1);
  });

  test("says that there is no such role", async () => {
    const listed = testClient(logto).organizationRoles.listResourceScopes("unknown");

    await expect(Array.fromAsync(listed)).rejects.toThrow(NotFoundError);
  });
});

describe("organizationRoles.assignResourceScopes", () => {
  test("adds scopes, takes the answer that is no JSON, and leaves what is assigned", async () => {
    logto.seed(tenant);

    const { organizationRoles } = testClient(logto);

    expect(
      await organizationRoles.assignResourceScopes("editor", ["read", "write", "write"]),
    ).toBeUndefined();
    expect(scopesOf("editor")).toEqual(["read", "write"]);
  });

  test.each([
    ["role", "unknown", ["write"]],
    ["scope", "editor", ["write", "unknown"]],
  ])("says that a %s is unknown, and nothing is assigned", async (_what, role, scopes) => {
    logto.seed(tenant);

    const assigned = testClient(logto).organizationRoles.assignResourceScopes(role, scopes);

    await expect(assigned).rejects.toThrow(ReferenceNotFoundError);
    expect(scopesOf("editor")).toEqual(["read"]);
  });
});

describe("organizationRoles.replaceResourceScopes", () => {
  test("makes these the scopes of the role, though one is named twice", async () => {
    logto.seed(tenant);

    await testClient(logto).organizationRoles.replaceResourceScopes("editor", ["write", "write"]);

    expect(scopesOf("editor")).toEqual(["write"]);
  });

  test("takes all scopes away for an empty list", async () => {
    logto.seed(tenant);

    await testClient(logto).organizationRoles.replaceResourceScopes("editor", []);

    expect(scopesOf("editor")).toEqual([]);
  });

  test("says that a scope is unknown, and nothing changes", async () => {
    logto.seed(tenant);
    const scopeIds = ["write", "unknown"];

    const replaced = testClient(logto).organizationRoles.replaceResourceScopes("editor", scopeIds);

    await expect(replaced).rejects.toThrow(ReferenceNotFoundError);
    expect(scopesOf("editor")).toEqual(["read"]);
  });
});

describe("organizationRoles.removeResourceScope", () => {
  test("takes one scope from the role", async () => {
    logto.seed(tenant);

    await testClient(logto).organizationRoles.removeResourceScope("editor", "read");

    expect(scopesOf("editor")).toEqual([]);
  });

  test("says that the role does not hold it", async () => {
    logto.seed(tenant);

    const removed = testClient(logto).organizationRoles.removeResourceScope("editor", "write");

    await expect(removed).rejects.toThrow(NotFoundError);
  });
});

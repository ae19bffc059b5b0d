import { describe, expect, test } from "vitest";
import { observe } from "../../../lib/role-scopes/observe.ts";
import { standInWithTenant } from "../logto/tenant.ts";
import { testClient } from "../logto/test-client.ts";

describe("what Logto holds", () => {
  test("is read with roles, their scopes, and resources", async () => {
    const { roles, resources } = await observe(testClient(await standInWithTenant()));

    expect(
      roles.map(({ name, resourceScopes }) => [name, resourceScopes.map((scope) => scope.name)]),
    ).toEqual([
      ["editor", ["read"]],
      ["robot", []],
    ]);
    expect(resources).toContainEqual(
      expect.objectContaining({
        indicator: "https://documents.example.com",
        scopes: [
          expect.objectContaining({ id: "read", name: "read" }),
          expect.objectContaining({ id: "write", name: "write" }),
        ],
      }),
    );
  });

  test("is asked for in both places at once", async () => {
    const logto = await standInWithTenant();
    let underWay = 0;
    let together = 0;
    const fetch: typeof globalThis.fetch = async (...parameters) => {
      underWay += 1;
      together = Math.max(together, underWay);
      try {
        return await globalThis.fetch(...parameters);
      } finally {
        underWay -= 1;
      }
    };
    await observe(testClient(logto, { fetch }));
    expect(together).toBe(2);
  });
});

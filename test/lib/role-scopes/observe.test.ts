import { describe, expect, test } from "vitest";
import { createHttp, type SendRequest } from "../../../lib/logto/http.ts";
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

  test("leaves out no role when another is deleted between two pages", async () => {
    const standIn = await standInWithTenant();
    const names = Array.from(
      { length: 150 },
      (_, index) => `role-${String(index).padStart(3, "0")}`,
    );
    standIn.seed({ roles: names.map((name) => ({ id: name, name })) });
    standIn.faults.add({
      on: ({ template, query }) => {
        const isSecond = template === "/api/organization-roles" && query.get("page") === "2";
        if (isSecond) standIn.state.roles.delete("role-000");
        return false;
      },
      action: { kind: "delay" },
    });
    const { roles } = await observe(testClient(standIn));
    expect(roles.map(({ name }) => name)).toEqual(["editor", "robot", ...names.slice(1)]);
  });

  test.each([
    ["/api/organization-roles", [{ id: "editor", name: "editor" }], "resource scopes"],
    ["/api/resources", [{ id: "documents", indicator: "https://documents.example.com" }], "scopes"],
  ])("is not guessed where the answer of %s is only a part", async (path, body, what) => {
    const standIn = await standInWithTenant();
    standIn.faults.add({ on: `GET ${path}`, action: { kind: "answer", status: 200, body } });
    await expect(observe(testClient(standIn))).rejects.toMatchObject({
      name: "UnavailableError",
      message: `Logto's answer lacks the ${what}: check its version, and what stands before it (GET ${path})`,
    });
  });

  test("is asked for in both places at once", async () => {
    const logto = await standInWithTenant();
    let underWay = 0;
    let together = 0;
    const send = createHttp();
    const http: SendRequest = async (request) => {
      underWay += 1;
      together = Math.max(together, underWay);
      try {
        return await send(request);
      } finally {
        underWay -= 1;
      }
    };
    await observe(testClient(logto, { http }));
    expect(together).toBe(2);
  });
});

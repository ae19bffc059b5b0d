import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { API, type CommandWorld, startCommandWorld } from "../support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = await startCommandWorld();
});
afterEach(() => world.stop());

const run = (...parameters: readonly string[]) => world.run(["roles", ...parameters]);

const held = (roleId: string) => [...(world.logto.state.roleScopes.get(roleId) ?? [])].sort();

const READER = ["reader", "--resource", API] as const;

describe("roles show", () => {
  test("counts what each role holds", async () => {
    const { code, stdout, stderr } = await run("show");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ["role", "id", "type", "resource scopes"],
        ["member", "role-member", "User", "0"],
        ["reader", "role-reader", "User", "2"],
      ]),
    );
    expect(JSON.parse((await run("show", "--json")).stdout)).toContainEqual({
      id: "role-reader",
      name: "reader",
      type: "User",
      resourceScopes: 2,
    });
  });

  test.each([["reader"], ["role-reader"]])("tells what %s holds, by name or id", async (role) => {
    const { code, stdout } = await run("show", role);
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(2, 4).toSorted()).toEqual([
      `${API}  read   api-read`,
      `${API}  write  api-write`,
    ]);
    const { scopes, ...about } = JSON.parse((await run("show", role, "--json")).stdout);
    expect(about).toEqual({ id: "role-reader", name: "reader", type: "User" });
    expect(scopes).toContainEqual({ id: "api-read", resource: API, scope: "read" });
  });

  test("says when a role holds nothing", async () => {
    expect(await run("show", "member")).toEqual({
      code: 0,
      stdout: "The role member (role-member) holds no resource scope.\n",
      stderr: "",
    });
  });

  test("says what to do where there is no such role", async () => {
    expect(await run("show", "raeder")).toEqual({
      code: 2,
      stdout: "",
      stderr: "Logto has no organization role raeder: see onboarding roles show.\n",
    });
  });
});

describe("what is published", () => {
  test.each([
    ["assign", [...READER, "delete"], [{ resource: API, scope: "delete" }]],
    ["assign", ["reader", "api-delete"], ["api-delete"]],
    ["replace", ["reader"], []],
    ["remove", [...READER, "read", "write"], ["read", "write"].map(named)],
  ])("by %s %j is an event, and Logto is not asked", async (name, parameters, scopes) => {
    const { code, stdout, stderr } = await run(name, ...parameters);
    expect(code).toBe(0);
    // Given without a resource, it may be a name.
    const isNoted = parameters.includes("api-delete");
    expect(stderr).toMatch(
      isNoted ? /^Without --resource .* api-delete .* if it is a name\.\n$/ : /^$/,
    );
    expect(stdout).toMatch(/^Published event [0-9a-f-]{36} to role-scopes: /);
    const [message, ...others] = await world.published("role-scopes");
    expect(others).toEqual([]);
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      type: `onboarding.role-scopes.${name}`,
      data: { role: "reader", scopes },
    });
    expect(world.logto.calls.count()).toBe(0);
  });

  test.each([
    ["assign", ["reader"], "error: missing required argument 'scopes'"],
    ["remove", [], "error: missing required argument 'role'"],
    ["replace", ["re\nader", "api-read"], "Nothing was sent: data.role"],
    ["assign", ["reader", "--resuorce", API, "read"], "error: unknown option '--resuorce'"],
  ])("is nothing by %s %j", async (name, parameters, says) => {
    const { code, stdout, stderr } = await run(name, ...parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.slice(0, says.length)).toBe(says);
    expect(await world.published("role-scopes")).toEqual([]);
  });
});

describe("--direct", () => {
  test.each([
    [
      "assign",
      [...READER, "delete"],
      "done: assigned, organization role role-reader\n",
      ["api-delete", "api-read", "api-write"],
    ],
    ["replace", ["reader", "api-delete"], /^done: replaced, /, ["api-delete"]],
    ["replace", ["reader"], /^done: replaced, /, []],
    ["remove", [...READER, "write"], /^done: removed, /, ["api-read"]],
  ])("carries out %s %j", async (name, parameters, says, left) => {
    const { code, stdout, stderr } = await run(name, ...parameters, "--direct");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    if (typeof says === "string") expect(stdout).toBe(says);
    else expect(stdout).toMatch(says);
    expect(held("role-reader")).toEqual(left);
    expect(await world.published("role-scopes")).toEqual([]);
  });

  test("says which roles there are where one is misspelt", async () => {
    const { stdout } = await run("assign", "raeder", "api-read", "--direct");
    expect(stdout).toMatch(
      /^not done: reference-not-found\. [^\n]*raeder[^\n]* There are: member, reader\./,
    );
  });

  test.each([
    ["a role", ["assign", "raeder", "api-read"]],
    ["a scope", ["assign", ...READER, "raed"]],
    ["a resource", ["assign", "reader", "--resource", "https://api.example.org", "read"]],
  ])("ends with 1 where Logto does not know %s, and names it", async (_, parameters) => {
    const { code, stdout, stderr } = await run(...parameters, "--direct");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(
      /^not done: [a-z-]+\. [A-Z][^\n]*(?:raeder|raed|example\.org)[^\n]*\.\n$/,
    );
    expect(held("role-reader")).toEqual(["api-read", "api-write"]);
  });

  test("--json tells the outcome", async () => {
    const { stdout } = await run("assign", ...READER, "delete", "--direct", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "done",
      detail: "assigned",
      organizationRoleId: "role-reader",
    });
  });
});

function named(scope: string) {
  return { resource: API, scope };
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";

const MINUTE = /\d{4}-\d\d-\d\dT\d\d:\d\dZ/;

let world: CommandWorld;
beforeAll(async () => {
  world = await startCommandWorld();
  const expiresAt = Date.now() + 86_400_000;
  world.logto.seed({
    invitations: [
      {
        id: "inv-ada",
        organizationId: "acme",
        invitee: "ada@example.com",
        organizationRoleIds: ["role-member"],
        inviterId: "ada",
        expiresAt,
        createdAt: Date.now() - 3_000,
      },
      {
        id: "inv-linus",
        organizationId: "globex",
        invitee: "linus@example.com",
        status: "Revoked",
        expiresAt,
        createdAt: Date.now() - 2_000,
      },
    ],
  });
});
afterAll(() => world.stop());

/** The first column of a table, without its heading. */
const ids = (stdout: string): readonly string[] =>
  stdout
    .trimEnd()
    .split("\n")
    .slice(2)
    .map((line) => line.split(" ")[0] ?? "");

const list = (...options: readonly string[]) => world.run(["invitations", "list", ...options]);

describe("invitations list", () => {
  test("shows what Logto holds, newest first", async () => {
    const { code, stdout, stderr } = await list();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [heading = "", , first, second = ""] = stdout.split("\n");
    expect(heading.split(/ {2,}/)).toEqual([
      "invitation",
      "status",
      "organization",
      "invitee",
      "roles",
      "created",
      "expires",
    ]);
    expect(first).toMatch(/^inv-linus +Revoked +globex /);
    expect(second.split(/ {2,}/)).toEqual([
      "inv-ada",
      "Pending",
      "acme",
      "ada@example.com",
      "member",
      expect.stringMatching(MINUTE),
      expect.stringMatching(MINUTE),
    ]);
  });

  test.each([
    ["--organization", "acme", ["inv-ada"]],
    ["--organization", "globex", ["inv-linus"]],
    ["--invitee", "ADA@example.com", ["inv-ada"]],
    ["--inviter", "ada", ["inv-ada"]],
    ["--status", "revoked", ["inv-linus"]],
  ])("%s %s shows only those", async (option, value, expected) => {
    expect(ids((await list(option, value)).stdout)).toEqual(expected);
  });

  test("--json prints one to a line, with times as text", async () => {
    const { code, stdout } = await list("--json");
    expect(code).toBe(0);
    const read: unknown[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(read).toMatchObject([
      { id: "inv-linus", status: "Revoked" },
      { id: "inv-ada", expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
  });

  test("says when there is none, and that is no error", async () => {
    expect(await list("--organization", "nobody")).toEqual({
      code: 0,
      stdout: "Logto holds no such invitation.\n",
      stderr: "",
    });
    expect(await list("--organization", "nobody", "--json")).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });

  test.each([
    [
      "lacks the scope",
      { kind: "tokenWithoutScope" },
      /^The app may not use the Management API: give it a machine-to-machine role [^\n]+\.\n$/,
    ],
    [
      "is forbidden",
      { kind: "answer", status: 403, body: { code: "auth.forbidden" } },
      /^The app lacks the Management API's scope all: give it [^\n]+ 403 auth\.forbidden\)\.\n$/,
    ],
    [
      "is answered by a proxy",
      { kind: "answer", status: 404, body: "Not Found" },
      /^No Logto Management API answers there: check LOGTO_ENDPOINT [^\n]+\.\n$/,
    ],
    [
      "is throttled",
      { kind: "answer", status: 429, body: "", headers: { "retry-after": "3600" } },
      /^The tenant's request budget is used up [^\n]+: wait ten seconds and try again\.\n$/,
    ],
  ] as const)("ends with 1 and one sentence where the app %s", async (_, action, sentence) => {
    const remove = world.logto.faults.add({
      on: (request) => action.kind === "tokenWithoutScope" || request.path.startsWith("/api/"),
      action,
    });
    const { code, stdout, stderr } = await list();
    remove();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });

  test("refuses a status that there is not, and says which there are", async () => {
    const { code, stdout, stderr } = await list("--status", "open");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Allowed choices are pending, accepted, expired, revoked.");
    expect(stderr).toMatch(/\nSee onboarding invitations list --help\.\n$/);
  });
});

describe("invitations show", () => {
  test.each([[[]], [["--json"]]])("prints one as JSON %j", async (options) => {
    const { code, stdout, stderr } = await world.run([
      "invitations",
      "show",
      "inv-ada",
      ...options,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      id: "inv-ada",
      invitee: "ada@example.com",
      organizationRoles: [{ id: "role-member", name: "member" }],
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("says what to do where Logto holds none of that id", async () => {
    expect(await world.run(["invitations", "show", "inv-eve"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "Logto holds no invitation inv-eve: see onboarding invitations list.\n",
    });
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { API, type CommandWorld, startCommandWorld } from "../support/command-world.ts";

const BIG = "https://big.example.com";
const LETTERS = ["a", "b", "c", "d", "e"];
const DAY_MS = 86_400_000;

let world: CommandWorld;
let directory: string;
let file: string;
beforeEach(async () => {
  world = await startCommandWorld();
  directory = await mkdtemp(join(tmpdir(), "onboarding-reconcile-"));
  file = join(directory, "role-scopes.yml");
});
afterEach(async () => {
  await rm(directory, { recursive: true });
  await world.stop();
});

const drifted = `roles: { reader: { ${API}: [read, write, delete] } }\n`;

const reconcile = (
  options: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
) => world.run(["reconcile", ...options], { ROLE_SCOPES_FILE: file, ...settings });

const count = async (queue: "invitations" | "role-scopes") => (await world.published(queue)).length;

function seedExpired(): void {
  world.logto.seed({
    invitations: [
      {
        id: "inv-old",
        organizationId: "acme",
        invitee: "ada@example.com",
        createdAt: Date.now() - 100 * DAY_MS,
        updatedAt: Date.now() - 100 * DAY_MS,
        expiresAt: Date.now() - 95 * DAY_MS,
      },
    ],
  });
}

describe("reconcile", () => {
  test("publishes what is declared and is not so", async () => {
    await writeFile(file, drifted);
    const { code, stdout, stderr } = await reconcile();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("~ reader\n");
    expect(stdout).toMatch(/\nonboarding\.role-scopes\.sync +1\n/);
    const [message] = await world.published("role-scopes");
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      type: "onboarding.role-scopes.sync",
    });
  });

  test("publishes what the policy asks for", async () => {
    seedExpired();
    const { code, stdout } = await reconcile([], { INVITATION_DELETE_ENDED_AFTER: "P90D" });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nonboarding\.invitation\.delete +1\n/);
    expect(await count("invitations")).toBe(1);
  });

  test("says when there is nothing to do", async () => {
    expect(await reconcile()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing was to be done."),
      stderr: "",
    });
  });

  test("--dry-run publishes nothing, and tells what it would", async () => {
    await writeFile(file, drifted);
    const { code, stdout, stderr } = await reconcile(["--dry-run"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\nevent +would be published\n/);
    expect(await count("role-scopes")).toBe(0);
    const { dryRun, published } = JSON.parse((await reconcile(["--dry-run", "--json"])).stdout);
    expect({ dryRun, published }).toEqual({
      dryRun: true,
      published: { "onboarding.role-scopes.sync": 1 },
    });
  });

  test("--only does one part", async () => {
    await writeFile(file, drifted);
    seedExpired();
    const policy = { INVITATION_DELETE_ENDED_AFTER: "P90D" };
    expect((await reconcile(["--only", "invitations"], policy)).code).toBe(0);
    expect([await count("invitations"), await count("role-scopes")]).toEqual([1, 0]);
  });

  test("ends with 1 for a plan that removes too much, unless so much is allowed", async () => {
    world.logto.seed({
      resources: [
        { name: "Big", indicator: BIG, scopes: LETTERS.map((name) => ({ id: name, name })) },
      ],
      roles: [{ name: "big", resourceScopeIds: LETTERS }],
    });
    await writeFile(file, `roles: { big: { prune: true, ${BIG}: [] } }\n`);
    const refused = await reconcile();
    expect(refused).toMatchObject({ code: 1, stderr: "" });
    expect(refused.stdout).toContain("removes 5 of the 5 scopes");
    expect(await count("role-scopes")).toBe(0);
    expect((await reconcile(["--allow-removals", "5"])).code).toBe(0);
    expect(await count("role-scopes")).toBe(1);
  });

  test("ends with 1 when Logto refuses the app, and says so", async () => {
    await writeFile(file, drifted);
    const { code, stdout } = await reconcile([], { LOGTO_APP_SECRET: "wrong" });
    expect(code).toBe(1);
    expect(stdout).toContain("Logto refuses the client secret: check appSecret");
  });
});

describe("a wrong command line", () => {
  test.each([
    [
      "a misspelt option",
      ["--dryrun"],
      "error: unknown option '--dryrun'\n(Did you mean --dry-run?)",
    ],
    ["an unknown part", ["--only", "roles"], "error: option '--only <what>' argument 'roles' is"],
    ["a number that is none", ["--allow-removals", "-1"], "error: option '--allow-removals"],
    ["a time that is none", ["--since", "yesterday"], "error: option '--since <time>' argument"],
    [
      "an end without a beginning",
      ["--until", "2026-03-01T03:00:00Z"],
      "--until goes with --since: give both.",
    ],
    [
      "an end before its beginning",
      ["--since", "2026-03-01T03:00:00Z", "--until", "2026-03-01T02:00:00Z"],
      "",
    ],
  ])("publishes nothing: %s", async (_, options, says) => {
    await writeFile(file, drifted);
    const { code, stdout, stderr } = await reconcile(options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.slice(0, says.length)).toBe(says);
    expect(await count("role-scopes")).toBe(0);
  });
});

describe("a declaration", () => {
  test("with a mistake publishes nothing, and is told with its line", async () => {
    await writeFile(file, "rolls: {}\n");
    const { code, stdout, stderr } = await reconcile();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${file}:1:1: "rolls" is not known here`);
    expect(stderr).toMatch(/\nNothing was published\.\n$/);
  });

  test("that cannot be read is said to be the reason", async () => {
    expect(await reconcile([], { ROLE_SCOPES_FILE: directory })).toEqual({
      code: 2,
      stdout: "",
      stderr: `${directory} cannot be read (EISDIR): check the path, or ROLE_SCOPES_FILE. Nothing was published.\n`,
    });
  });
});

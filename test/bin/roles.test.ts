import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { faultAnswers } from "../../local/logto/faults.ts";
import { API, openRolesWorld, type RolesWorld } from "../support/roles-command.ts";

const drifted = `\
roles:
  admin: { ${API}: [a, b, c, d, e, f] }
  reader: { ${API}: [b], prune: true }
  robot: {}
`;

/** Takes five of the six scopes that its roles hold. */
const removing = `prune: true\nroles: { admin: { ${API}: [] }, reader: { ${API}: [a] } }\n`;

const asHeld = `roles: { reader: { ${API}: [a] } }\n`;

/** One misspelt name of each kind, and something to change. */
const misspelt = `\
roles:
  reader: { ${API}: [a, b, z], https://gone.example.com: [] }
  raeder: {}
`;

const printed = `\
~ admin
    + ${API} f
~ reader
    + ${API} b
    - ${API} a

Plan: 2 to assign, 1 to remove, in 2 roles. 1 role unchanged.
`;

const REFUSAL =
  "The plan removes 5 of the 6 scopes that its roles hold, more than a quarter: " +
  "check what is declared, and allow 5 removals if they are meant. That is --allow-removals 5.";

const GUARDED = `~ admin
    - ${API} a
    - ${API} b
    - ${API} c
    - ${API} d
    - ${API} e

Not managed, and left as it is:
    roles not declared: robot

Plan: 0 to assign, 5 to remove, in 1 role. 1 role unchanged.
`;

/** Several processes one after the other, beside those of other tests. */
const loaded = { timeout: 60_000 };

/** Runs in a world of its own. */
async function within<Result>(
  declaration: string | undefined,
  run: (world: RolesWorld) => Promise<Result>,
): Promise<Result> {
  const world = await openRolesWorld(declaration);
  try {
    return await run(world);
  } finally {
    await world.close();
  }
}

/** What the command changed: calls that write. */
const writes = ({ standIn }: RolesWorld): number =>
  standIn.calls.recent().filter(({ operation }) => /^(?:PUT|POST \/api|DELETE)/.test(operation))
    .length;

describe.concurrent("onboarding roles plan", loaded, () => {
  test("shows what would change, and changes nothing", () =>
    within(drifted, async (world) => {
      expect(await world.run("plan")).toEqual({ code: 0, stdout: printed, stderr: "" });
      expect(writes(world)).toBe(0);
    }));

  test.each([
    ["2 for changes", drifted, 2],
    ["0 for none", asHeld, 0],
    ["2 for changes that apply refuses", removing, 2],
    ["1 for a name that is not in Logto, though there are changes", misspelt, 1],
    ["1 for a file that is no declaration", "rolls: {}\n", 1],
    ["1 for a file that is not there", undefined, 1],
  ])("ends with --detailed-exitcode with %s", (_, declaration, expected) =>
    within(declaration, async ({ run }) => {
      expect((await run("plan", "--detailed-exitcode")).code).toBe(expected);
    }),
  );

  test("prints JSON where that is asked for, of the file that is named", () =>
    within(undefined, async ({ run, directory }) => {
      await writeFile(join(directory, "other.yml"), drifted);
      const { code, stdout, stderr } = await run("plan", "--json", "--file", "other.yml");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual({
        summary: { assign: 2, remove: 1, changed: 2, unchanged: 1 },
        roles: [
          {
            role: "admin",
            roleId: "admin",
            prune: false,
            assigned: 5,
            assign: [{ id: "api-f", resource: API, scope: "f" }],
            remove: [],
            notManaged: [],
          },
          {
            role: "reader",
            roleId: "reader",
            prune: true,
            assigned: 1,
            assign: [{ id: "api-b", resource: API, scope: "b" }],
            remove: [{ id: "api-a", resource: API, scope: "a" }],
            notManaged: [],
          },
          expect.objectContaining({ role: "robot", assign: [], remove: [] }),
        ],
        unresolved: [],
        notManagedRoles: [],
      });
    }));

  test("warns of what apply refuses, unless so many removals are allowed", () =>
    within(removing, async ({ run }) => {
      expect(await run("plan")).toEqual({
        code: 0,
        stdout: GUARDED,
        stderr: `apply will refuse this: ${REFUSAL}\n`,
      });
      const { stdout } = await run("plan", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ refusal: REFUSAL });
      const allowed = await run("plan", "--allow-removals", "5");
      expect(allowed).toEqual({ code: 0, stdout: GUARDED, stderr: "" });
    }));

  test("names what is not in Logto, and ends with 2: the file is wrong", () =>
    within(misspelt, async ({ run }) => {
      expect(await run("plan")).toEqual({
        code: 2,
        stdout: `\
~ reader
    + ${API} b

Not managed, and left as it is:
    roles not declared: admin, robot

Not in Logto: correct the name, or create it there first.
    scope z of ${API}, under the role reader
    resource https://gone.example.com, under the role reader
    role raeder

Plan: 1 to assign, 0 to remove, in 1 role. 3 names not in Logto.
`,
        stderr:
          "3 names are not in Logto: correct the file, or create what it names there first.\n",
      });
    }));
});

describe.concurrent("onboarding roles apply", loaded, () => {
  test("changes what has drifted after showing it, and the next plan is empty", () =>
    within(drifted, async (world) => {
      expect(await world.run("apply", "--yes")).toEqual({
        code: 0,
        stdout: `${printed}\n2 of 2 roles changed.\n`,
        stderr: "",
      });
      expect([world.held("admin"), world.held("reader")]).toEqual([
        ["a", "b", "c", "d", "e", "f"],
        ["b"],
      ]);
      expect(await world.run("plan", "--detailed-exitcode")).toEqual({
        code: 0,
        stdout: "No changes: 3 roles as declared.\n",
        stderr: "",
      });
    }));

  test("asks nobody when there is nothing to change", () =>
    within(asHeld, async (world) => {
      const { code, stdout } = await world.run("apply");
      expect({ code, lastLine: stdout.split("\n").at(-2) }).toEqual({
        code: 0,
        lastLine: "No changes: 1 role as declared.",
      });
      expect(writes(world)).toBe(0);
    }));

  test("asks first, which needs a terminal or --yes", () =>
    within(drifted, async (world) => {
      expect(await world.run("apply")).toEqual({
        code: 2,
        stdout: printed,
        stderr:
          '"Assign 2 and remove 1 scopes, in 2 roles?" cannot be asked, as there is no terminal: give --yes. Nothing was changed.\n',
      });
      expect(writes(world)).toBe(0);
    }));

  test("prints JSON with what was done", () =>
    within(drifted, async ({ run }) => {
      const { code, stdout } = await run("apply", "--json", "--yes");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        summary: { assign: 2, remove: 1, changed: 2, unchanged: 1 },
        applied: { changed: 2, of: 2 },
      });
      expect(await run("apply", "--json")).toEqual({
        code: 2,
        stdout: "",
        stderr: "--json shows no plan to agree to: say --yes as well.\n",
      });
    }));

  test("refuses to remove much, unless so many removals are allowed", () =>
    within(removing, async (world) => {
      expect(await world.run("apply", "--yes")).toEqual({
        code: 2,
        stdout: GUARDED,
        stderr: `${REFUSAL} Nothing was changed.\n`,
      });
      expect(writes(world)).toBe(0);
      expect((await world.run("apply", "--yes", "--allow-removals", "5")).code).toBe(0);
      expect(world.held("admin")).toEqual([]);
    }));

  test("changes nothing while a name is not in Logto", () =>
    within(misspelt, async (world) => {
      const { code, stderr } = await world.run("apply", "--yes");
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr:
          "3 names are not in Logto: correct the file, or create what it names there first. Nothing was changed.\n",
      });
      expect(writes(world)).toBe(0);
    }));

  test("that fails in the middle says how far it came, and does the rest when it is repeated", () =>
    within(drifted, async (world) => {
      world.standIn.faults.add({
        on: ({ method }) => method === "PUT",
        action: { ...faultAnswers.serverErrorAsText, status: 422 },
        times: 1,
      });
      const { code, stderr } = await world.run("apply", "--yes");
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Changing the role reader failed after 1 of 2 roles: [^\n]+\.\n$/);
      expect(world.held("admin")).toContain("f");
      const again = await world.run("apply", "--yes");
      expect(again.stdout).toContain("\n1 of 1 role changed.\n");
      expect(world.held("reader")).toEqual(["b"]);
    }));

  test("is ended by Ctrl-C between two roles, and says how to go on", () =>
    within(drifted, async ({ standIn, directory, environment, held, run }) => {
      let interrupt = (): void => {};
      standIn.faults.add({
        on: ({ method, template }) => {
          const isAssign = method === "POST" && template.endsWith("/resource-scopes");
          if (isAssign) interrupt();
          return isAssign;
        },
        action: { kind: "delay", afterMs: 1_000 },
        times: 1,
      });
      const program = join(import.meta.dirname, "..", "..", "bin", "onboarding");
      const child = spawn(program, ["roles", "apply", "--yes"], {
        cwd: directory,
        env: { PATH: process.env["PATH"] ?? "", ...environment },
      });
      interrupt = () => child.kill("SIGINT");
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);
      expect(code).toBe(130);
      expect(stderr).toBe("Stopped after 1 of 2 roles: run it again for the rest.\n");
      expect(stdout).toContain("\n1 of 2 roles changed.\n");
      expect([held("admin").length, held("reader")]).toEqual([6, ["a"]]);
      expect((await run("apply", "--yes")).code).toBe(0);
      expect(held("reader")).toEqual(["b"]);
    }));
});

describe.concurrent("onboarding roles export", loaded, () => {
  const LEFT_OUT = '"legacy" was left out: a resource is declared by an absolute URI.\n';

  test("writes the file, and the plan of it changes nothing", () =>
    within(undefined, async ({ run, file, directory }) => {
      expect(await run("export")).toEqual({
        code: 0,
        stdout: "Wrote role-scopes.yml: 3 roles with 6 scopes.\n",
        stderr: "",
      });
      expect(await readdir(directory)).toEqual(["role-scopes.yml"]);
      expect(await file()).toMatch(/^roles:\n {2}admin:\n {4}https:\/\/api\.example\.com:\n/m);
      expect((await run("plan", "--detailed-exitcode")).stdout).toBe(
        "No changes: 3 roles as declared.\n",
      );
      expect(await run("export")).toEqual({
        code: 0,
        stdout: "role-scopes.yml says what Logto holds already.\n",
        stderr: "",
      });
    }));

  test("keeps the comments of the file that is there", () =>
    within(
      `# Ours.\nprune: true\nroles:\n  gone: {}\n  # Who reads.\n  reader: {}\n`,
      async (world) => {
        expect((await world.run("export")).code).toBe(0);
        expect(await world.file()).toMatch(
          /^# Ours\.\nprune: true\nroles:\n {2}# Who reads\.\n {2}reader:\n {4}https:\/\/api\.example\.com:\n {6}- a\n {2}admin:/,
        );
      },
    ));

  test("prints it instead where that is asked for, and leaves the file as it is", () =>
    within(asHeld, async ({ run, file }) => {
      const { code, stdout, stderr } = await run("export", "--stdout");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("admin:");
      expect(await file()).toBe(asHeld);
    }));

  test("tells of resources that cannot be declared", () =>
    within(undefined, async ({ run, file, standIn }) => {
      standIn.state.roleScopes.get("robot")?.add("legacy-x");
      const { code, stderr } = await run("export");
      expect({ code, stderr }).toEqual({ code: 0, stderr: LEFT_OUT });
      expect(await file()).not.toContain("legacy");
    }));

  test("writes nothing over a file that is no declaration", () =>
    within("roles:\n  admin:\n", async ({ run, file }) => {
      expect(await run("export")).toEqual({
        code: 2,
        stdout: "",
        stderr:
          "role-scopes.yml:2:3: expected resource indicators and prune, or {} for neither, and there is nothing.\n" +
          "Nothing was written: mend the file, or export to another one.\n",
      });
      expect(await file()).toBe("roles:\n  admin:\n");
    }));

  test("says when it cannot be written", () =>
    within(undefined, async ({ run }) => {
      expect(await run("export", "--file", "no-such/roles.yml")).toEqual({
        code: 2,
        stdout: "",
        stderr: "no-such/roles.yml cannot be written (ENOENT): check the path.\n",
      });
    }));
});

import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { onboarding, runProgram } from "../support/command-line.ts";

/** Has a process write the URL of each module that it loads to standard error. */
const TELL_LOADED = encodeURIComponent(`
  import { registerHooks } from "node:module";
  registerHooks({
    load(url, context, next) {
      process.stderr.write(url + "\\n");
      return next(url, context);
    },
  });
`);

describe.concurrent("the command line", () => {
  test.each([["--help"], ["-h"], ["help"], ["publish", "--help"], ["help", "publish"]])(
    "%s %s helps, and that is no error",
    async (...parameters) => {
      const { code, stdout, stderr } = await onboarding(parameters);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: onboarding /);
    },
  );

  test.each([["--version"], ["-V"]])("%s prints the version", async (option) => {
    expect(await onboarding([option])).toEqual({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: "",
    });
  });

  test("without anything to do shows its help on standard error and ends with 2", async () => {
    const { code, stdout, stderr } = await onboarding([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: onboarding /);
  });

  test.each([
    [
      "an unknown command",
      ["publihs"],
      "error: unknown command 'publihs'\n(Did you mean publish?)",
    ],
    ["an unknown option", ["--bogus"], "error: unknown option '--bogus'"],
    ["an unknown option of publish", ["publish", "--bogus"], "error: unknown option '--bogus'"],
    ["publish without a file", ["publish"], "error: missing required argument 'file'"],
    [
      "an unknown subcommand",
      ["invitations", "crate"],
      "error: unknown command 'crate'\n(Did you mean create?)\nSee onboarding invitations --help.\n",
    ],
    [
      "a file that is not there",
      ["publish", "no-such.csv", "--batch", "b"],
      "no-such.csv does not exist: check the path. Nothing was sent.\n",
    ],
    ["two files", ["publish", "a", "b"], "One file is published at a time, and 2 are given: run"],
  ])("%s ends with 2 and says what is wrong", async (_, parameters, sentence) => {
    const { code, stdout, stderr } = await onboarding(parameters);
    expect(stderr.startsWith(sentence)).toBe(true);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test.each([
    ["--help", []],
    ["publish --help", ["publish"]],
    ["help status", ["status"]],
    ["dead-letters redrive --help", ["dead-letters", "dead-letters-act", "dead-letters-list"]],
    ["reconcile --help", ["reconcile"]],
    ["secret check --help", ["secret"]],
    ["roles --help", ["roles", "roles-change", "roles-declared", "roles-show"]],
    ["invitations list --help", ["invitations", "invitations-change", "invitations-list"]],
  ])("%s loads no AWS client, and of the commands only %j", async (line, commands) => {
    const { code, stderr } = await onboarding(line.split(" "), {
      environment: { NODE_OPTIONS: `--import=data:text/javascript,${TELL_LOADED}` },
    });
    expect(code).toBe(0);
    const loaded = stderr.trimEnd().split("\n");
    expect(loaded.filter((url) => url.includes("/bin/main.ts"))).toHaveLength(1);
    expect(loaded.filter((url) => url.includes("/@aws-sdk/") || url.includes("/@smithy/"))).toEqual(
      [],
    );
    expect(
      loaded.flatMap((url) => /\/bin\/commands\/(.*)\.ts$/.exec(url)?.[1] ?? []).toSorted(),
    ).toEqual(commands);
  });

  test("runs from anywhere, also through a link, as npx does", async () => {
    const directory = await mkdtemp(join(tmpdir(), "onboarding-link-"));
    const link = join(directory, "onboarding");
    await symlink(join(import.meta.dirname, "..", "..", "bin", "onboarding"), link);
    const { code } = await runProgram(link, ["--help"], { directory });
    await rm(directory, { recursive: true });
    expect(code).toBe(0);
  });
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "../support/command-line.ts";

const CHECK = join(import.meta.dirname, "..", "..", "bin", "require-node.cjs");

/** Runs the check in a Node that says it has this version. */
function requireIn(version: string) {
  const script = `
    Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });
    require(${JSON.stringify(CHECK)});
    console.log("went on");`;
  return runProgram(process.execPath, ["--eval", script]);
}

describe.concurrent("the check for Node's version", () => {
  test.each(["6.17.1", "18.20.8", "20.19.5", "22.0.0", "22.17.1"])(
    "ends %s with one sentence that says what to do, and no stack",
    async (version) => {
      const { code, stdout, stderr } = await requireIn(version);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toBe(
        `logto-onboarding needs Node 22.18, 23.6 or newer and this is Node ${version}: run it ` +
          "through npm (npm brings Node 24 on Linux) or install a newer Node.\n",
      );
    },
  );

  // Node 23 runs TypeScript without being asked from 23.6 on.
  test.each(["23.0.0", "23.5.0"])(
    "ends %s, which cannot run TypeScript either",
    async (version) => {
      const { code, stdout, stderr } = await requireIn(version);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^logto-onboarding needs Node [^\n]+\n$/);
    },
  );

  test.each(["22.18.0", "22.100.0", "23.6.0", "24.0.0", "24.21.0", "100.0.0"])(
    "lets %s go on without a word",
    async (version) => {
      const result = await requireIn(version);
      expect(result).toEqual({ code: 0, stdout: "went on\n", stderr: "" });
    },
  );
});

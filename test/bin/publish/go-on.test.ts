import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goOnCommand } from "../../../bin/publish/go-on.ts";

describe("the command with which to go on", () => {
  test("is the same, from a line on", () => {
    const parameters = ["customers.csv", "--batch", "spring"];
    expect(goOnCommand({ parameters, fromLine: 48_213 })).toBe(
      "npx onboarding publish --from-line 48213 customers.csv --batch spring",
    );
  });

  test.each([
    [["--from-line", "7", "a.csv", "--batch", "b"]],
    [["--from-line=7", "a.csv", "--batch", "b"]],
    [["a.csv", "--batch", "b", "--from-line", "7"]],
  ])("has one line to begin at: %j", (parameters) => {
    expect(goOnCommand({ parameters, fromLine: 9 })).toBe(
      "npx onboarding publish --from-line 9 a.csv --batch b",
    );
  });

  test("names the time where nothing else keeps it", () => {
    const time = "2026-03-01T12:00:00.000Z";
    expect(goOnCommand({ parameters: ["-"], time })).toBe(
      `npx onboarding publish --time ${time} -`,
    );
  });

  test("means the same to a shell, whatever the file is called", () => {
    const name = fc.stringMatching(/^[ -~]{1,12}$/);
    fc.assert(
      fc.property(name, (file) => {
        const command = goOnCommand({ parameters: ["--", file] });
        const words = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" });
        expect(words.split("\n").slice(3, -1)).toEqual(["--", file]);
      }),
      { numRuns: 25 },
    );
  });
});

import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "../support/command-line.ts";

const root = join(import.meta.dirname, "..", "..");

const run = (script: string, ...options: readonly string[]) =>
  runProgram(process.execPath, [join(root, script), ...options], { directory: root });

const FAULTS = "test/faults/main.ts";
const ROTATION = "test/rotation/main.ts";
const BENCH = "bench/main.ts";

test.each([
  [FAULTS, ["--evnts", "1"], /^Unknown option '--evnts': npm run test:faults -- .*\n$/],
  [FAULTS, ["--events", "x"], /^Give whole numbers: npm run test:faults -- .*\n$/],
  [FAULTS, ["more"], /^Unexpected argument 'more': npm run test:faults -- .*\n$/],
  [ROTATION, ["--evnts", "1"], /^Unknown option '--evnts': npm run test:rotation -- .*\n$/],
  [ROTATION, ["--events"], /^Option '--events <value>' argument missing: npm run .*\n$/],
  [BENCH, ["--onyl", "x"], /^Unknown option '--onyl': npm run bench -- .*\n$/],
  [BENCH, ["--only", "x"], /^There is no benchmark x, only \S+, .*: npm run bench -- .*\n$/],
])("%s %j ends with 2 after one sentence", async (script, options, sentence) => {
  const { code, stdout, stderr } = await run(script, ...options);

  expect(stderr).toMatch(sentence);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test.each([FAULTS, ROTATION, BENCH])(
  "%s --help prints its options and ends with 0",
  async (script) => {
    const { code, stdout, stderr } = await run(script, "--help");

    expect(stdout).toMatch(/^npm run \S+ -- .*\n {2}--/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  },
);

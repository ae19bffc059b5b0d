import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/support/slow-first.ts";

/** Tests of what keeps no state in its modules: their files share workers, which halves their time. */
const STATELESS = "test/{lib,local,contract}/**/*.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: "shared", include: [STATELESS], isolate: false },
      },
      {
        extends: true,
        test: { name: "alone", include: ["test/**/*.test.ts"], exclude: [STATELESS] },
      },
    ],
    // A machine may be many times slower than the one a test was written on.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: SlowFirst },
    // Much of the time is spent waiting for servers and processes.
    maxWorkers: 3,
    // CI reads the counts from the file for its closing line.
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: ".local/tests.json" }]]
      : ["default"],
  },
});

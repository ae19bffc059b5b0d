import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/support/slow-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
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

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    // Much of the time is spent waiting for servers and processes.
    maxWorkers: 3,
    // CI reads the counts from the file for its closing line.
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: ".local/tests.json" }]]
      : ["default"],
  },
});

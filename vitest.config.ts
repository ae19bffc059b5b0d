import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    // CI reads the counts from the file for its closing line.
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: ".local/tests.json" }]]
      : ["default"],
  },
});

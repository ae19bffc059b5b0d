import { expect, it } from "vitest";
import { runFaults } from "./run.ts";

it("500 events keep every promise while Logto, the queue and the workers fail", {
  timeout: 110_000,
}, async () => {
  const { checks } = await runFaults({ events: 500, seed: 1, log: () => {} });

  expect(checks.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(checks.map(({ checked }) => checked)).not.toContain(0);
});

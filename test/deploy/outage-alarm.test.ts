import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { backoffSeconds } from "../../lib/queue/backoff.ts";

const file = join(import.meta.dirname, "..", "..", "deploy", "resources", "alarms.yml");
const { EvaluationPeriods, DatapointsToAlarm, Metrics } = parse(readFileSync(file, "utf8"), {
  merge: true,
  maxAliasCount: -1,
  logLevel: "error",
}).Resources.LogtoUnavailableAlarm.Properties;
const PERIOD_SECONDS: number = Metrics[1].MetricStat.Period;

/** The seconds at which one event is tried in vain, the first time at 0. */
function tries(randoms: readonly number[]): number[] {
  let at = 0;
  return [
    0,
    ...randoms.map((random, index) => (at += backoffSeconds(index + 1, undefined, random))),
  ];
}

/** Whether the alarm is on after each period; an outage begins so many seconds into the first. */
function alarm(triedAt: readonly number[], offset: number): boolean[] {
  const failing = new Set(triedAt.map((second) => Math.floor((second + offset) / PERIOD_SECONDS)));
  return Array.from({ length: Math.max(...failing) + 1 }, (_, period) => {
    const seen = Array.from({ length: EvaluationPeriods }, (_, back) => failing.has(period - back));
    return seen.filter(Boolean).length >= DatapointsToAlarm;
  });
}

const offsets = fc.integer({ min: 0, max: PERIOD_SECONDS - 1 });

test("one event that Logto does not answer raises the alarm within a quarter of an hour, and it stays on", () => {
  const randoms = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 12,
    maxLength: 40,
  });
  fc.assert(
    fc.property(randoms, offsets, (drawn, offset) => {
      const states = alarm(tries(drawn), offset);
      const raised = states.indexOf(true);
      expect(raised).toBeGreaterThanOrEqual(1);
      expect((raised + 1) * PERIOD_SECONDS).toBeLessThanOrEqual(900);
      expect(states.slice(raised)).not.toContain(false);
    }),
  );
});

test("one lost answer raises no alarm", () => {
  fc.assert(
    fc.property(offsets, (offset) => {
      expect(alarm([0], offset)).not.toContain(true);
    }),
  );
});

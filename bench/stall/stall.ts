import { atMost, exactly } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import { watchReads } from "./watch-reads.ts";
import { allAtOnce, EVENTS, throughWorkers, type Way } from "./ways.ts";

/**
 * A create with e-mail holds one of Logto's twenty database connections and waits for a second one. As
 * many at once as there are connections, and none of them gets it.
 */
export const stall: Benchmark = {
  name: "stall",
  title: `${EVENTS} creates with e-mail, a Logto with its default of 20 database connections`,
  onRealLogto: true,
  run,
};

/** What a provider takes for an e-mail. */
const EMAIL_MS = 50;

const OWN = "this project, two containers";

const contenders = [
  { name: OWN, way: throughWorkers },
  { name: "@logto/api, all at once", way: allAtOnce },
];

async function run(): Promise<Findings> {
  const stage = await openStage(
    { emailDelayMs: EMAIL_MS, databaseConnections: 20 },
    { onRealLogto: true },
  );
  try {
    if (!stage.canSendEmail) {
      return { rows: [], bars: [], notes: ["This Logto has no e-mail connector."] };
    }
    const results = [];
    for (const { name, way } of contenders) results.push({ name, ...(await once(stage, way)) });
    const own = results.find(({ name }) => name === OWN);
    return {
      rows: results.map(({ name, made, failures, seconds, slowestReadMs }) => ({
        name,
        figures: {
          "invitations made": made,
          "creates that failed": failures,
          "time, s": seconds,
          "slowest read by somebody else, ms": slowestReadMs,
        },
      })),
      bars: [
        exactly("invitations made", own?.made ?? Number.NaN, EVENTS),
        exactly("creates that failed", own?.failures ?? Number.NaN, 0),
        atMost("slowest read by somebody else, ms", own?.slowestReadMs ?? Number.NaN, 1_000),
      ],
    };
  } finally {
    await stage.stop();
  }
}

/** Lets one contender create them all while somebody else reads. */
async function once(stage: Stage, way: Way) {
  const { create, stop } = await way(stage);
  try {
    const before = await stage.invitations();
    const reads = watchReads(stage);
    const startedAt = performance.now();
    const failures = await create();
    const seconds = (performance.now() - startedAt) / 1000;
    const slowestReadMs = await reads.stop();
    return { made: (await stage.invitations()) - before, failures, seconds, slowestReadMs };
  } finally {
    await stop();
  }
}

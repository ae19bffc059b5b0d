import { alternate, median } from "../alternate.ts";
import { atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import {
  bareFetch,
  bareFetchReported,
  logtoApi,
  runChecked,
  startContender,
  thisProject,
} from "../stage/contender.ts";
import { batchesOf } from "../stage/records.ts";
import { openStage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";

const EVENTS = 5_000;
const BATCH = 10;
const ROUNDS = 3;

export const overhead: Benchmark = {
  name: "overhead",
  title: `${EVENTS.toLocaleString("en-US")} creates in batches of ${BATCH}, a Logto that answers at once`,
  run,
};

async function run(): Promise<Findings> {
  const stage = await openStage();
  const handlers = [thisProject, bareFetch, bareFetchReported, logtoApi];
  const contenders = handlers.map((handler) => startContender(handler, stage));
  try {
    const turns = contenders.map((contender) => ({
      name: contender.name,
      run: () => {
        const creates = { organizationId: stage.organizationId, prefix: uniquePrefix() };
        const batches = batchesOf(
          { ...creates, groups: BATCH, email: false },
          EVENTS / BATCH,
          BATCH,
        );
        return runChecked(contender, batches, stage);
      },
    }));
    const measured = await alternate(turns, { rounds: ROUNDS, warmUps: 1 });
    const cpuOf = (name: string): number =>
      median((measured.get(name) ?? []).map(({ cpuMs }) => cpuMs / EVENTS));
    const wallOf = (name: string): number =>
      median((measured.get(name) ?? []).map(({ wallMs }) => wallMs / EVENTS));
    const bare = cpuOf(bareFetch.name);
    const own = cpuOf(thisProject.name);
    return {
      rows: handlers.map(({ name }) => ({
        name,
        figures: {
          "CPU per event, ms": cpuOf(name),
          "beside bare fetch": cpuOf(name) / bare,
          "time per event, ms": wallOf(name),
        },
      })),
      bars: [atMost("CPU beside bare fetch", own / bare, 1.5)],
      notes: [
        "Bare fetch checks nothing, has no deadline, and tells nobody what became of a message. With a log line and metrics it is what one would run.",
      ],
    };
  } finally {
    await Promise.all(contenders.map(({ stop }) => stop()));
    await stage.stop();
  }
}

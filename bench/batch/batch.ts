import { alternate, median } from "../alternate.ts";
import { atLeast, atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import {
  bareFetch,
  powertoolsBatch,
  powertoolsFifo,
  runChecked,
  startContender,
  thisProject,
} from "../stage/contender.ts";
import { batchesOf } from "../stage/records.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";

const CALL_MS = 50;
const MESSAGES = 10;
const ROUNDS = 15;

/** Until the code is compiled: a container lives for thousands of messages. */
const WARM_UP_BATCHES = 10;

export const batch: Benchmark = {
  name: "batch",
  title: `${MESSAGES} messages of ${MESSAGES} groups in one batch, ${CALL_MS} ms a Logto call`,
  onRealLogto: true,
  run,
};

const ONE_CALL = "one call, by bare fetch";

async function run(): Promise<Findings> {
  const fault = { on: "POST /api/organization-invitations" };
  const stage = await openStage(
    { faults: [{ ...fault, action: { kind: "delay", beforeMs: CALL_MS } }] },
    { onRealLogto: true },
  );
  const oneCall = { ...bareFetch, name: ONE_CALL };
  const handlers = [thisProject, powertoolsBatch, powertoolsFifo, oneCall];
  const contenders = handlers.map((handler) => startContender(handler, stage));
  try {
    await Promise.all(contenders.map(({ run }) => run(batchOf(stage, MESSAGES, WARM_UP_BATCHES))));
    const turns = contenders.map((contender) => ({
      name: contender.name,
      run: async () => {
        const size = contender.name === ONE_CALL ? 1 : MESSAGES;
        return (await runChecked(contender, batchOf(stage, size, 1), stage)).wallMs;
      },
    }));
    const times = await alternate(turns, { rounds: ROUNDS, warmUps: 1 });
    const medianOf = (name: string): number => median(times.get(name) ?? []);
    const own = medianOf(thisProject.name);
    return {
      rows: [...times.keys()].map((name) => ({
        name,
        figures: { "median, ms": medianOf(name), "beside this": medianOf(name) / own },
      })),
      // What ten at once cost a real Logto is its own affair.
      bars: stage.isReal
        ? []
        : [
            atMost("time beside one call", own / medianOf(ONE_CALL), 1.3),
            atLeast("times faster than the FIFO processor", medianOf(powertoolsFifo.name) / own, 7),
          ],
    };
  } finally {
    await Promise.all(contenders.map(({ stop }) => stop()));
    await stage.stop();
  }
}

const batchOf = ({ organizationId }: Stage, size: number, batches: number) =>
  batchesOf({ organizationId, prefix: uniquePrefix(), groups: size, email: false }, batches, size);

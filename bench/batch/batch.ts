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
import { openStage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";

const CALL_MS = 50;
const MESSAGES = 10;
const ROUNDS = 15;

export const batch: Benchmark = {
  name: "batch",
  title: `${MESSAGES} messages of ${MESSAGES} groups in one batch, ${CALL_MS} ms a Logto call`,
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
    const turns = contenders.map((contender) => ({
      name: contender.name,
      run: async () => {
        const creates = { organizationId: stage.organizationId, prefix: uniquePrefix() };
        const size = contender.name === ONE_CALL ? 1 : MESSAGES;
        const batches = batchesOf({ ...creates, groups: size, email: false }, 1, size);
        return (await runChecked(contender, batches, stage)).wallMs;
      },
    }));
    const times = await alternate(turns, { rounds: ROUNDS, warmUps: 3 });
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

import { alternate, median } from "../alternate.ts";
import { atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import {
  type Contender,
  powertoolsBatch,
  powertoolsFifo,
  runChecked,
  startContender,
  thisProject,
} from "../stage/contender.ts";
import { deleteBatch, receiveBatch, send } from "../stage/queued.ts";
import { batchesOf } from "../stage/records.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";

const CALL_MS = 50;
const MESSAGES = 10;
const ROUNDS = 9;

export const order: Benchmark = {
  name: "order",
  title: `${MESSAGES} messages of one group in one batch, ${CALL_MS} ms a Logto call`,
  run,
};

async function run(): Promise<Findings> {
  const fault = { on: "POST /api/organization-invitations" };
  const stage = await openStage({
    faults: [{ ...fault, action: { kind: "delay", beforeMs: CALL_MS } }],
  });
  const handlers = [thisProject, powertoolsFifo, powertoolsBatch];
  const contenders = handlers.map((handler) => startContender(handler, stage));
  try {
    const turns = contenders.map((contender) => ({
      name: contender.name,
      run: () => oneGroup(contender, stage),
    }));
    const times = await alternate(turns, { rounds: ROUNDS, warmUps: 2 });
    const medianOf = (name: string): number => median(times.get(name) ?? []);
    const own = medianOf(thisProject.name);
    return {
      rows: handlers.map(({ name }) => ({
        name,
        figures: {
          "median, ms": medianOf(name),
          "beside this": medianOf(name) / own,
          order: name === powertoolsBatch.name ? "lost" : "kept",
        },
      })),
      bars: [atMost("time beside the FIFO processor", own / medianOf(powertoolsFifo.name), 1.1)],
      notes: [
        "This project takes each message but the last out of the queue before it begins the next one: nine more calls to SQS, in these times.",
      ],
    };
  } finally {
    await Promise.all(contenders.map(({ stop }) => stop()));
    await stage.stop();
  }
}

/** Through the queue: a message can only be taken out of it by a receipt that SQS gave. */
async function oneGroup(contender: Contender, stage: Stage): Promise<number> {
  const { organizationId } = stage;
  const creates = { organizationId, prefix: uniquePrefix(), groups: 1, email: false };
  await send(batchesOf(creates, 1, MESSAGES).flat(), stage);
  const records = await receiveBatch(stage);
  const { wallMs } = await runChecked(contender, [records], stage);
  await deleteBatch(records, stage);
  return wallMs;
}

import { atMost, exactly } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { type Drained, drainOnce, EVENTS, PER_MS, REQUESTS } from "./drain-once.ts";
import { drainBySequentialScript, drainThroughQueue } from "./ways.ts";

/**
 * Against Logto Cloud's limit of 200 requests in 10 s, a bucket: in the best case the first 200 go at
 * once, and then 20 in a second.
 */
export const drain: Benchmark = {
  name: "drain",
  title: `${EVENTS} creates, Logto takes ${REQUESTS} requests and as many more in each ${PER_MS / 1000} s`,
  run,
};

const OWN = "this project, two containers";

const BEST_SECONDS = ((EVENTS - REQUESTS) / REQUESTS) * (PER_MS / 1000);

const contenders = [
  { name: OWN, drain: drainThroughQueue("functions/invitations.handler") },
  {
    name: "Powertools BatchProcessor, two containers",
    drain: drainThroughQueue("bench/contenders/powertools-batch.handler"),
  },
  { name: "@logto/api in a script, one by one", drain: drainBySequentialScript },
];

async function run(): Promise<Findings> {
  const results = await Promise.all(
    contenders.map(async ({ name, drain: way }) => ({ name, ...(await drainOnce(name, way)) })),
  );
  const own: Drained | undefined = results.find(({ name }) => name === OWN);
  return {
    rows: results.map(({ name, seconds, refused, receives }) => ({
      name,
      figures: {
        "until all are made, s": seconds,
        "beside the best possible": seconds / BEST_SECONDS,
        "answers 429": refused,
        "requests for each create": (EVENTS + refused) / EVENTS,
        "receives for each message": receives === undefined ? "no queue" : receives / EVENTS,
      },
    })),
    bars: [
      atMost("time beside the best possible", (own?.seconds ?? Number.NaN) / BEST_SECONDS, 1.1),
      exactly("answers 429", own?.refused ?? Number.NaN, 0),
    ],
    notes: [
      `The best possible is ${BEST_SECONDS} s. Each contender has a stand-in of its own, all run at the same time: they wait for most of it. Containers are warm and have their token.`,
      "The script waits 10 s at each 429. What Powertools gives back comes again after the queue's visibility timeout, 30 s.",
    ],
    plots: [
      {
        file: "drain",
        title: `${EVENTS} creates under a limit of ${REQUESTS} requests in ${PER_MS / 1000} s`,
        x: { label: "seconds" },
        y: { label: "invitations made" },
        series: results.map(({ name, progress }) => ({ name, points: progress })),
      },
    ],
  };
}

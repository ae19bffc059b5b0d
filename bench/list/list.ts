import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as v from "valibot";
import { alternate, median } from "../alternate.ts";
import { atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { INVITATIONS } from "./invitations.ts";
import type { Measured } from "./measured.ts";

const ROUNDS = 9;

const contenders = [
  { name: "this client", file: "this-client.ts" },
  { name: "a reconciliation, dry run", file: "reconcile.ts" },
  { name: "fetch and JSON.parse", file: "bare-fetch.ts" },
] as const;

/** The one list that Logto does not page. Each run is a process of its own. */
export const list: Benchmark = {
  name: "list",
  title: `a list of ${INVITATIONS.toLocaleString("en-US")} invitations from a server beside, gone through`,
  run,
};

async function run(): Promise<Findings> {
  const server = fork(join(import.meta.dirname, "serve.ts"));
  const { endpoint, bytes } = v.parse(serving, (await once(server, "message"))[0]);
  try {
    const turns = contenders.map(({ name, file }) => ({
      name,
      run: () => runOnce(name, file, endpoint),
    }));
    const measured = await alternate(turns, { rounds: ROUNDS, warmUps: 1 });
    const medianOf = (name: string, figure: (one: Measured) => number): number =>
      median((measured.get(name) ?? []).map(figure));
    const timeOf = (name: string) => medianOf(name, ({ milliseconds }) => milliseconds);
    const growthOf = (name: string) => medianOf(name, ({ growthBytes }) => growthBytes / 2 ** 20);
    const [, , bare] = contenders;
    const own = contenders.filter(({ name }) => name !== bare.name);
    return {
      rows: contenders.map(({ name }) => ({
        name,
        figures: {
          "time, ms": timeOf(name),
          "peak memory grows by, MiB": growthOf(name),
        },
      })),
      bars: own.flatMap(({ name }) => [
        atMost(
          `memory of ${name}, beside fetch and JSON.parse`,
          growthOf(name) / growthOf(bare.name),
          0.5,
        ),
        atMost(
          `time of ${name}, beside fetch and JSON.parse`,
          timeOf(name) / timeOf(bare.name),
          1.5,
        ),
      ]),
      notes: [`The list has ${(bytes / 1e6).toFixed(1)} MB. Medians of ${ROUNDS} runs.`],
    };
  } finally {
    server.disconnect();
  }
}

const serving = v.object({ endpoint: v.string(), bytes: v.number() });
const measuredSchema = v.object({
  invitations: v.number(),
  milliseconds: v.number(),
  growthBytes: v.number(),
});

async function runOnce(name: string, file: string, endpoint: string): Promise<Measured> {
  const child = fork(join(import.meta.dirname, file), [endpoint]);
  const ended = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), ended]);
  const parsed = v.safeParse(measuredSchema, message);
  await ended;
  if (!parsed.success || parsed.output.invitations !== INVITATIONS) {
    throw new Error(`${name} did not go through ${INVITATIONS} invitations.`);
  }
  return parsed.output;
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as v from "valibot";
import { alternate, median } from "../alternate.ts";
import { atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";

const ROUNDS = 7;
const INVITATIONS = 100_000;

/**
 * The one list that Logto does not page, from a loopback server in a process of its own, gone through
 * with this client and with `fetch` and `JSON.parse`. Each run is a process.
 */
export const list: Benchmark = {
  name: "list",
  title: `${INVITATIONS.toLocaleString("en-US")} invitations in one answer, gone through one by one`,
  run,
};

const OWN = "this project";
const BARE = "fetch and JSON.parse";

const contenders = [
  { name: OWN, file: "this-client.ts" },
  { name: BARE, file: "bare-fetch.ts" },
] as const;

const serving = v.object({ endpoint: v.string(), bytes: v.number() });
const measured = v.object({
  invitations: v.number(),
  idCharacters: v.number(),
  milliseconds: v.number(),
  growthBytes: v.number(),
});

async function run(): Promise<Findings> {
  const server = fork(join(import.meta.dirname, "serve.ts"));
  const { endpoint, bytes } = v.parse(serving, (await once(server, "message"))[0]);
  try {
    const runs = await alternate(
      contenders.map(({ name, file }) => ({ name, run: () => runOnce(name, file, endpoint) })),
      { rounds: ROUNDS, warmUps: 1 },
    );
    const timeOf = (name: string): number =>
      median((runs.get(name) ?? []).map(({ milliseconds }) => milliseconds));
    const growthOf = (name: string): number =>
      median((runs.get(name) ?? []).map(({ growthBytes }) => growthBytes / 2 ** 20));
    return {
      rows: contenders.map(({ name }) => ({
        name,
        figures: { "median, ms": timeOf(name), "peak memory grows by, MiB": growthOf(name) },
      })),
      bars: [
        atMost("memory beside fetch and JSON.parse", growthOf(OWN) / growthOf(BARE), 0.5),
        atMost("time beside fetch and JSON.parse", timeOf(OWN) / timeOf(BARE), 1.5),
      ],
      notes: [`The list is ${(bytes / 1e6).toFixed(1)} MB of JSON.`],
    };
  } finally {
    server.disconnect();
  }
}

type Measured = v.InferOutput<typeof measured>;

async function runOnce(name: string, file: string, endpoint: string): Promise<Measured> {
  const child = fork(join(import.meta.dirname, file), [endpoint]);
  const ended = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), ended]);
  const parsed = v.safeParse(measured, message);
  await ended;
  if (!parsed.success || parsed.output.invitations !== INVITATIONS) {
    throw new Error(`${name} did not go through ${INVITATIONS} invitations.`);
  }
  return parsed.output;
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as v from "valibot";
import { table } from "../../local/table.ts";

/**
 * The one list that Logto does not page: 100,000 invitations from a loopback server in a process of
 * its own, gone through with this client and with `fetch` and `JSON.parse`. Each run is a process.
 */

const ROUNDS = 7;
const INVITATIONS = 100_000;

const contenders = [
  { name: "this client", file: "this-client.ts" },
  { name: "fetch and JSON.parse", file: "bare-fetch.ts" },
] as const;

const serving = v.object({ endpoint: v.string(), bytes: v.number() });
const measured = v.object({
  invitations: v.number(),
  idCharacters: v.number(),
  milliseconds: v.number(),
  growthBytes: v.number(),
});

/** Measures; the medians, and their ratio to those of `fetch` and `JSON.parse`. */
export async function run() {
  const server = fork(join(import.meta.dirname, "serve.ts"));
  const { endpoint, bytes } = v.parse(serving, (await once(server, "message"))[0]);
  try {
    const runs = new Map(contenders.map(({ name }) => [name, [] as Measured[]]));
    for (let round = -1; round < ROUNDS; round++) {
      for (const { name, file } of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const result = await runOnce(name, file, endpoint);
        // The first round warms up the server and the disk.
        if (round >= 0) runs.get(name)?.push(result);
      }
    }
    const rows = contenders.map(({ name }) => ({
      name,
      milliseconds: median(runs.get(name)?.map(({ milliseconds }) => milliseconds) ?? []),
      growthMebibytes:
        median(runs.get(name)?.map(({ growthBytes }) => growthBytes) ?? []) / 2 ** 20,
    }));
    const [own, bare] = rows;
    return {
      bytes,
      rows,
      timeRatio: (own?.milliseconds ?? Number.NaN) / (bare?.milliseconds ?? Number.NaN),
      memoryRatio: (own?.growthMebibytes ?? Number.NaN) / (bare?.growthMebibytes ?? Number.NaN),
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.main) {
  const { bytes, rows, timeRatio, memoryRatio } = await run();
  console.log(`\n100,000 invitations, ${(bytes / 1e6).toFixed(1)} MB, ${ROUNDS} runs of each`);
  console.log(
    table([
      ["contender", "median time", "peak memory grows by"],
      ...rows.map(({ name, milliseconds, growthMebibytes }) => [
        name,
        `${milliseconds.toFixed(0)} ms`,
        `${growthMebibytes.toFixed(0)} MiB`,
      ]),
      ["ratio", timeRatio.toFixed(2), memoryRatio.toFixed(2)],
    ]),
  );
}

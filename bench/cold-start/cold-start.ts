import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { alternate, median } from "../alternate.ts";
import { atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { firstEvents } from "./first-event.ts";
import { type Initialized, initialize } from "./initialize.ts";
import { type Packaged, packaged } from "./packaged.ts";

const ROUNDS = 21;

/** Of a zip, in bytes. */
const ZIP_LIMIT = 250_000;

export const coldStart: Benchmark = {
  name: "cold-start",
  title: "loading each packaged function in a fresh process, as Lambda does before the first event",
  run,
};

const FLOOR = "the Secrets Manager client alone";

const ALTERNATIVE = "invitations on @logto/api, Powertools batch and zod";

const alternatives = [
  { name: "an empty handler", file: "empty-handler" },
  { name: FLOOR, file: "secrets-manager-alone" },
  { name: ALTERNATIVE, file: "powertools-zod-logto-api" },
] as const;

async function run(): Promise<Findings> {
  // Outside of the project, where no node_modules can help a bundle that is not whole.
  const directory = await mkdtemp(join(tmpdir(), "onboarding-bench-"));
  try {
    const pack = (name: string, source: string): Promise<Packaged> =>
      packaged(name, source, join(directory, basename(source)));
    const own: Packaged[] = [];
    for (const file of readdirSync("functions")) {
      const name = basename(file, ".ts");
      own.push(await pack(name, `functions/${name}`));
    }
    const others: Packaged[] = [];
    for (const { name, file } of alternatives) {
      others.push(await pack(name, `bench/contenders/${file}`));
    }
    const all = [...others, ...own];
    const turns = all.map(({ name, module }) => ({ name, run: () => initialize(module) }));
    const measured = await alternate(turns, { rounds: ROUNDS, warmUps: 2 });
    const firstEvent = await firstEvents(
      all.filter(({ name }) => name === "invitations" || name === ALTERNATIVE),
      ROUNDS,
    );
    const of = (name: string, figure: (one: Initialized) => number): number =>
      median((measured.get(name) ?? []).map(figure));
    const besideFloor = (name: string): number =>
      of(name, ({ wallMs }) => wallMs) / of(FLOOR, ({ wallMs }) => wallMs);
    return {
      rows: all.map(({ name, zipBytes }) => ({
        name,
        figures: {
          "init, ms": of(name, ({ wallMs }) => wallMs),
          "CPU, ms": of(name, ({ cpuMs }) => cpuMs),
          "beside the Secrets Manager client": besideFloor(name),
          "first event, ms": firstEvent.get(name) ?? "-",
          "zip, KB": zipBytes / 1000,
        },
      })),
      bars: own.flatMap(({ name, zipBytes }) => [
        atMost(`init of ${name} beside the Secrets Manager client`, besideFloor(name), 1.25),
        atMost(`zip of ${name}, KB`, zipBytes / 1000, ZIP_LIMIT / 1000),
      ]),
      notes: [
        `Medians of ${ROUNDS} processes each. All are packaged in the same way, with source maps and licences. A zip's KB has 1,000 bytes.`,
        "What a function loads when it is first needed, such as the Secrets Manager client, is not in its init. The first event has it: the time from the import until an invitation is made.",
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

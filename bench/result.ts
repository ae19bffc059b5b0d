import { realCredentials } from "../local/logto-target.ts";
import type { Benchmark, Findings } from "./benchmark.ts";

/** What came of one benchmark: its findings, or why there are none. */
export type Result = {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  readonly findings?: Findings;
  readonly error?: string;
};

/** Runs a benchmark. One that fails is a result as well: the others are worth knowing all the same. */
export async function runBenchmark({ name, title, onRealLogto, run }: Benchmark): Promise<Result> {
  const startedAt = performance.now();
  const secondsSince = () => (performance.now() - startedAt) / 1000;
  try {
    const found = await run();
    const isReal = onRealLogto === true && realCredentials(process.env) !== undefined;
    const findings = isReal ? { ...found, notes: [REAL_LOGTO, ...(found.notes ?? [])] } : found;
    return { name, title, seconds: secondsSince(), findings };
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, title, seconds: secondsSince(), error: words };
  }
}

const REAL_LOGTO = "This ran against the Logto of LOGTO_ENDPOINT, not the stand-in.";

/** Each bar that does not hold, and each benchmark that could not be measured. */
export const failuresOf = (results: readonly Result[]): readonly string[] =>
  results.flatMap(({ name, findings, error }) =>
    error === undefined
      ? (findings?.bars ?? []).filter(({ holds }) => !holds).map(({ what }) => `${name}: ${what}`)
      : [`${name}: it could not be measured`],
  );

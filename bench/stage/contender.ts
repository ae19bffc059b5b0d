import { resolve } from "node:path";
import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { startContainer } from "../../local/aws/container.ts";
import type { Stage } from "./stage.ts";

/** A Lambda handler for SQS batches, by its module; it stands for what somebody would deploy. */
export type Handler = { readonly name: string; readonly module: string };

/** What one run of a contender took. */
export type Measured = {
  /** Milliseconds, from the first invocation to the last answer. */
  readonly wallMs: number;
  /** Processor time of the whole process in that, user and system, in milliseconds. */
  readonly cpuMs: number;
  /** Messages that the contender said it did not carry out. */
  readonly failed: number;
};

const measuredSchema = v.object({ wallMs: v.number(), cpuMs: v.number(), failed: v.number() });

/** A contender in a warm container of its own. */
export type Contender = {
  readonly name: string;
  /** Invokes it with one batch after the other and says what that took. */
  readonly run: (batches: readonly (readonly SQSRecord[])[]) => Promise<Measured>;
  readonly stop: () => Promise<void>;
};

export const thisProject: Handler = {
  name: "this project",
  module: "functions/invitations.ts",
};

export const bareFetch: Handler = {
  name: "bare fetch",
  module: "bench/contenders/bare-fetch.ts",
};

export const bareFetchReported: Handler = {
  name: "bare fetch with a log line and metrics",
  module: "bench/contenders/bare-fetch-reported.ts",
};

export const logtoApi: Handler = {
  name: "@logto/api",
  module: "bench/contenders/logto-api.ts",
};

export const powertoolsFifo: Handler = {
  name: "Powertools SqsFifoPartialProcessorAsync",
  module: "bench/contenders/powertools-fifo.ts",
};

export const powertoolsBatch: Handler = {
  name: "Powertools BatchProcessor (no order)",
  module: "bench/contenders/powertools-batch.ts",
};

/** Lambda's longest, so that no run is cut off. */
const TIMEOUT_SECONDS = 900;

/** Starts a contender on the stage. Its log goes where Lambda's goes: through a pipe, to a reader. */
export function startContender({ name, module }: Handler, stage: Stage): Contender {
  const container = startContainer({
    handler: "bench/stage/measured.handler",
    environment: { ...stage.environment, BENCH_CONTENDER: resolve(module) },
    timeoutSeconds: TIMEOUT_SECONDS,
    functionName: name,
  });
  return {
    name,
    run: async (batches) => v.parse(measuredSchema, await container.invoke({ batches })),
    stop: container.stop,
  };
}

/**
 * Runs a contender and sees to it that Logto holds what it was to create.
 *
 * @throws Error saying what is missing.
 */
export async function runChecked(
  { name, run }: Contender,
  batches: readonly (readonly SQSRecord[])[],
  stage: Stage,
): Promise<Measured> {
  const before = await stage.invitations();
  const measured = await run(batches);
  const made = (await stage.invitations()) - before;
  const asked = batches.flat().length;
  if (made !== asked || measured.failed > 0) {
    throw new Error(`${name} made ${made} of ${asked} invitations; it told of ${measured.failed}.`);
  }
  return measured;
}

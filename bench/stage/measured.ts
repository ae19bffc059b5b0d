// Runs in a contender's container: invokes the contender's handler and says what that took, so that
// neither the way to the container nor its start is in the figures.
import { pathToFileURL } from "node:url";
import type { Context, SQSRecord } from "aws-lambda";
import * as v from "valibot";
import type { Measured } from "./contender.ts";

const moduleSchema = v.object({ handler: v.pipe(v.function(), v.returns(v.unknown())) });

const answerSchema = v.object({ batchItemFailures: v.array(v.unknown()) });

const contender = import(pathToFileURL(process.env["BENCH_CONTENDER"] ?? "").href);

/** Invokes the contender with one batch after the other. */
export async function handler(
  { batches }: { readonly batches: readonly (readonly SQSRecord[])[] },
  context: Context,
): Promise<Measured> {
  const { handler: invoke } = v.parse(moduleSchema, await contender);
  let failed = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (const Records of batches) {
    const answer = await invoke({ Records }, context);
    failed += v.parse(answerSchema, answer).batchItemFailures.length;
  }
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, cpuMs: (user + system) / 1000, failed };
}

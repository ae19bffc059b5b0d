import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";

const initializedSchema = v.object({
  /** From the import to the module's end, in milliseconds. */
  wallMs: v.number(),
  /** Processor time of the process in that, user and system, in milliseconds. */
  cpuMs: v.number(),
  /** What the module exports as its handler. */
  handler: v.literal("function"),
  /** From the import to the answer to the first event, in milliseconds, where there was one. */
  firstEventMs: v.optional(v.number()),
});

export type Initialized = v.InferOutput<typeof initializedSchema>;

/** What a process is started with, beside the module. */
export type Invocation = {
  readonly payload?: object;
  readonly environment?: Readonly<Record<string, string>>;
};

const PROGRAM = join(import.meta.dirname, "init.mjs");

/** As serverless.yml and Lambda set them. */
const ENVIRONMENT = {
  NODE_OPTIONS: "--enable-source-maps",
  AWS_REGION: "us-east-1",
  POWERTOOLS_METRICS_NAMESPACE: "bench",
};

const run = promisify(execFile);

/**
 * Loads a function's module in a process of its own, and hands it an event if there is one.
 *
 * @throws when it cannot be loaded, has no handler, or fails.
 */
export async function initialize(
  module: string,
  { payload, environment }: Invocation = {},
): Promise<Initialized> {
  const event = payload === undefined ? [] : [JSON.stringify(payload)];
  const env = { ...ENVIRONMENT, ...environment };
  const { stdout } = await run(process.execPath, [PROGRAM, module, ...event], { env });
  return v.parse(initializedSchema, JSON.parse(stdout.slice(stdout.lastIndexOf("\n"))));
}

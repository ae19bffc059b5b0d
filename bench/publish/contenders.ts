import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { uniquePrefix } from "../unique.ts";
import { USAGE_PIPE, type Usage, usageSchema } from "./usage.ts";

/** Where a contender is to send to. */
export type Target = {
  readonly queueUrl: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** A program that publishes the rows of a CSV, each run in a process of its own. */
export type Contender = {
  readonly name: string;
  readonly run: (file: string, target: Target) => Promise<Usage>;
};

const root = join(import.meta.dirname, "..", "..");

/** The command as a user runs it. */
export const thisProject: Contender = {
  name: "onboarding publish",
  run: (file, { queueUrl, environment }) =>
    runProgram(join(root, "bin", "onboarding"), ["publish", file, "--batch", uniquePrefix()], {
      ...environment,
      INVITATIONS_QUEUE_URL: queueUrl,
    }),
};

export const oneByOne: Contender = {
  name: "one SendMessage at a time",
  run: (file, { queueUrl, environment }) =>
    runProgram(
      process.execPath,
      [join(import.meta.dirname, "one-by-one.ts"), file, queueUrl],
      environment,
    ),
};

/** @throws Error when the program fails. */
async function runProgram(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Usage> {
  const reporter = pathToFileURL(join(import.meta.dirname, "report-usage.ts")).href;
  const child = spawn(program, parameters, {
    env: { PATH: process.env["PATH"], ...environment, NODE_OPTIONS: `--import=${reporter}` },
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const pipe = child.stdio[USAGE_PIPE];
  if (!(pipe instanceof Readable)) throw new Error("The contender has no pipe to report on.");
  const [usage, [code]] = await Promise.all([text(pipe), once(child, "close")]);
  if (code !== 0) throw new Error(`${program} ended with ${code}.`);
  return v.parse(usageSchema, JSON.parse(usage));
}

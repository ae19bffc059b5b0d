import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";

/** `LOCAL_STACK_FILE` lets two stacks run side by side. */
const file = (): string =>
  process.env["LOCAL_STACK_FILE"] || join(import.meta.dirname, "..", ".local", "stack.json");

const stackFile = v.object({
  /** The process that runs it. */
  pid: v.number(),
  /** Of the stand-in; absent where the AWS of the environment is used. */
  awsEndpoint: v.optional(v.string()),
  region: v.string(),
  /** By logical id, as in serverless.yml. */
  queueUrls: v.record(v.string(), v.string()),
  /** The environment of each function. */
  functions: v.record(v.string(), v.record(v.string(), v.string())),
});

/** Where a running `npm start` is, for commands in another terminal. */
export type StackFile = v.InferOutput<typeof stackFile>;

/** Says where the stack is. The file can be read by its user only. */
export function writeStackFile(stack: Omit<StackFile, "pid">): void {
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), JSON.stringify({ pid: process.pid, ...stack }), { mode: 0o600 });
}

/** Removes what this process wrote; what another stack has written since stays. */
export function removeStackFile(): void {
  if (findLocalStack()?.pid === process.pid) rmSync(file(), { force: true });
}

/** The stack that is running, if one is. */
export function findLocalStack(): StackFile | undefined {
  let text: string;
  try {
    text = readFileSync(file(), "utf8");
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), stackFile), text);
  return parsed.success ? parsed.output : undefined;
}

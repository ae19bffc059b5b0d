import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as v from "valibot";

const DIRECTORY = new URL("../.local/", import.meta.url);
const FILE = new URL("stack.json", DIRECTORY);

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
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(FILE, JSON.stringify({ pid: process.pid, ...stack }), { mode: 0o600 });
}

/** Removes what this process wrote; what another stack has written since stays. */
export function removeStackFile(): void {
  if (findLocalStack()?.pid === process.pid) rmSync(FILE, { force: true });
}

/** The stack that is running, if one is. */
export function findLocalStack(): StackFile | undefined {
  let text: string;
  try {
    text = readFileSync(FILE, "utf8");
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), stackFile), text);
  return parsed.success ? parsed.output : undefined;
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";

/** `LOCAL_STACK_FILE` lets two stacks run side by side. */
const file = (): string =>
  process.env["LOCAL_STACK_FILE"] || join(import.meta.dirname, "..", ".local", "stack.json");

const stackFile = v.object({
  /** The process that runs it. */
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
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

/**
 * A second stack would take `--local` away from the first.
 *
 * @throws Error naming `LOCAL_STACK_FILE` where another stack that is running has left word.
 */
export function refuseSecondStack(): void {
  const other = findLocalStack();
  if (other === undefined) return;
  throw new Error(
    `Another npm start is running (process ${other.pid}, by ${file()}): end it, or set LOCAL_STACK_FILE to another file to run both.`,
  );
}

/**
 * Says where the stack is. The file can be read by its user only.
 *
 * @throws Error as `refuseSecondStack` does.
 */
export function writeStackFile(stack: Omit<StackFile, "pid">): void {
  refuseSecondStack();
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), JSON.stringify({ pid: process.pid, ...stack }), { mode: 0o600 });
}

/** Removes what this process wrote. */
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
  return parsed.success && isAlive(parsed.output.pid) ? parsed.output : undefined;
}

/** One that was killed has left its file. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is there, and not to be signalled.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

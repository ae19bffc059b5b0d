import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as v from "valibot";

const DIRECTORY = new URL("../.local/", import.meta.url);
const FILE = new URL("stack.json", DIRECTORY);

const stackFile = v.object({
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
export function writeStackFile(stack: StackFile): void {
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(FILE, JSON.stringify(stack), { mode: 0o600 });
}

export const removeStackFile = (): void => rmSync(FILE, { force: true });

/** The stack that is running, if one is. */
export function findLocalStack(): StackFile | undefined {
  let text: string;
  try {
    text = readFileSync(FILE, "utf8");
  } catch {
    return undefined;
  }
  return v.parse(v.pipe(v.string(), v.parseJson(), stackFile), text);
}

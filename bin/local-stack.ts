import { findLocalStack, type StackFile } from "../local/stack-file.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The stack that `npm start` is running in another terminal.
 *
 * @throws UsageError when there is none.
 */
export function localStack(): StackFile {
  const stack = findLocalStack();
  if (stack !== undefined) return stack;
  throw new UsageError("No local stack is running: start one with npm start.");
}

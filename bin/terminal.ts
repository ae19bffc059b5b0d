import { createInterface } from "node:readline/promises";
import { UsageError } from "./usage-error.ts";

/**
 * Asks for leave to do what cannot be undone.
 *
 * @param question what would be done, as a question.
 * @param otherwise what is true when the answer is no, such as "Nothing was deleted."
 * @throws UsageError unless somebody is there and says yes.
 */
export async function askLeave(question: string, otherwise: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`Nobody is there to be asked "${question}": say --yes. ${otherwise}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D leave the question without an answer.
  const left = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = terminal.question(`${question} [y/N] `).catch(() => "");
  const words = await Promise.race([answer, left]);
  terminal.close();
  if (!/^y(?:es)?$/i.test(words.trim())) throw new UsageError(otherwise);
}

/** Aborts at the first Ctrl-C, so that the work ends between two steps. The second ends the process. */
export function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  return controller.signal;
}

/** Shows how far the work is, in one line of the terminal, where there is one. */
export function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001B[K\r`);
}

import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { UsageError } from "./usage-error.ts";

export type Terminal = {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
};

/**
 * Asks for leave to do what cannot be undone.
 *
 * @param question what would be done, as a question.
 * @param otherwise what is true when the answer is no, such as "Nothing was deleted."
 * @param terminal where to ask.
 * @throws UsageError unless somebody is there and says yes.
 */
export async function askLeave(
  question: string,
  otherwise: string,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (!terminal.input.isTTY) {
    throw new UsageError(
      `"${question}" cannot be asked, as there is no terminal: give --yes. ${otherwise}`,
    );
  }
  const lines = createInterface(terminal);
  // Ctrl-C and Ctrl-D leave the question without an answer.
  const left = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = lines.question(`${question} [y/N] `).catch(() => "");
  const words = await Promise.race([answer, left]);
  lines.close();
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

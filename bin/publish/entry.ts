import type { EventMessage, MessageOrProblem } from "../../lib/events/message.ts";
import type { Problem } from "../../lib/events/problem.ts";

/** Something wrong with an event, and where in the file. Lines count from 1. */
export type Flaw = Problem & { readonly line: number };

/** One event of a file: ready to be sent, or with what is wrong with it. */
export type Entry = GoodEntry | BadEntry;

export type GoodEntry = {
  readonly ok: true;
  /** Where it begins; 0 where events do not stand on lines of their own. */
  readonly line: number;
  readonly message: EventMessage;
  /** The identical event further up, which is sent in its place. */
  readonly repeats?: { readonly line: number; readonly told: () => string };
};

/**
 * Whether an event is left out because it was sent already.
 *
 * @param fromLine where the sending begins: what stands before it is not sent.
 */
export const isRepeat = ({ repeats }: GoodEntry, fromLine: number): boolean =>
  repeats !== undefined && repeats.line >= fromLine;

export type BadEntry = {
  readonly ok: false;
  /** Where it begins. */
  readonly line: number;
  readonly flaws: readonly Flaw[];
  /** As the file has it, for the file of rejects. */
  readonly given: unknown;
};

/** An entry of which each problem is told with the entry's own line. */
export const entryOf = (line: number, made: MessageOrProblem, given: unknown): Entry =>
  made.ok ? { ok: true, line, message: made.message } : badEntry(line, made.problems, given);

export const badEntry = (line: number, problems: readonly Problem[], given: unknown): BadEntry => ({
  ok: false,
  line,
  flaws: problems.map((problem) => ({ ...problem, line })),
  given,
});

/** The file itself is broken: what follows cannot be told apart, and nothing may be published. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
  readonly line: number;
  readonly column: number | undefined;

  /** @param sentence what is wrong, without a full stop. Line and column count from 1. */
  constructor(sentence: string, line: number, column?: number) {
    super(sentence);
    this.line = line;
    this.column = column;
  }
}

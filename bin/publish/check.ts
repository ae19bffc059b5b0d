import type { QueueName } from "../../lib/events/queue-name.ts";
import { type BadEntry, type Entry, type Flaw, isRepeat, UnreadableError } from "./entry.ts";

/** What the events of a file are, none of them sent yet. */
export type Checked = {
  /** Events that can be sent, from the line on where to begin. */
  readonly good: number;
  readonly bad: number;
  /** Events that are another one once more. They are left out. */
  readonly repeats: number;
  /** Which one the first of them repeats. */
  readonly firstRepeat?: string;
  /** The queues of the good ones. */
  readonly queues: ReadonlySet<QueueName>;
  /** The first problems, as `file:line: what is wrong`. */
  readonly problems: readonly string[];
  /** How many problems there are beyond these. */
  readonly moreProblems: number;
  /** Whether the file could not be read to its end, so that nothing of it may be sent. */
  readonly isBroken: boolean;
};

export type CheckOptions = {
  /** The file's, for people. */
  readonly name: string;
  /** Events before this line are looked at and not counted. */
  readonly fromLine: number;
  /** Gets each event that cannot be sent. */
  readonly onBad: (entry: BadEntry) => Promise<void>;
  /** Is called after each event. */
  readonly onRead: () => void;
};

/** A person can read so many problems. */
const PROBLEMS_SHOWN = 100;

/** Reads all events of a file and keeps none of them. */
export async function checkEntries(
  entries: AsyncIterable<Entry>,
  { name, fromLine, onBad, onRead }: CheckOptions,
): Promise<Checked> {
  let good = 0;
  let bad = 0;
  let repeats = 0;
  let firstRepeat: string | undefined;
  let isBroken = false;
  const queues = new Set<QueueName>();
  const problems: string[] = [];
  let found = 0;
  const tell = (problem: () => string): void => {
    found += 1;
    if (found <= PROBLEMS_SHOWN) problems.push(problem());
  };
  try {
    for await (const entry of entries) {
      if (!entry.ok) {
        bad += 1;
        for (const flaw of entry.flaws) tell(() => flawText(name, flaw));
        await onBad(entry);
      } else if (isRepeat(entry, fromLine)) {
        repeats += 1;
        firstRepeat ??= entry.repeats?.told();
      } else if (entry.line >= fromLine) {
        good += 1;
        queues.add(entry.message.queue);
      }
      onRead();
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    isBroken = true;
    tell(() => brokenText(name, error));
  }
  return {
    good,
    bad,
    repeats,
    ...(firstRepeat === undefined ? {} : { firstRepeat }),
    queues,
    problems,
    moreProblems: found - problems.length,
    isBroken,
  };
}

const flawText = (name: string, { line, path, message }: Flaw): string =>
  `${name}:${line}: ${path === "" ? "it" : path} ${message}`;

const brokenText = (name: string, { line, column, message }: UnreadableError): string =>
  `${name}:${line}${column === undefined ? "" : `:${column}`}: ${message}.`;

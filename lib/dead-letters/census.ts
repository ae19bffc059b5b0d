import { eventTypes } from "../events/event.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { DeadLetterFilter } from "./filter.ts";
import { DEAD_LETTER_REASONS } from "./reasons.ts";

/** How many letters there are of each reason and of each event type, whatever was asked for. */
export type Census = {
  readonly reasons: Readonly<Record<string, number>>;
  /** Letters that are no event have none. */
  readonly types: Readonly<Record<string, number>>;
};

/** Counts letters by reason and event type. */
export const census = (letters: readonly DeadLetter[]): Census => ({
  reasons: counted(letters.map(({ reason }) => reason)),
  types: counted(letters.flatMap(({ event }) => (event.type === undefined ? [] : [event.type]))),
});

/** Counts texts. */
export const counted = (texts: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(texts, (text) => text)]
      .map(([text, same]) => [text, same.length] as const)
      .toSorted(([, a], [, b]) => b - a),
  );

/** Counts as words, such as `expired (2), unavailable (1)`. */
export const inWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([text, count]) => `${text} (${count})`)
    .join(", ");

/** A filter names what neither this version knows nor a letter has: a typing error, most likely. */
export class UnknownFilterError extends Error {
  override readonly name = "UnknownFilterError";
  readonly value: string;
  /** What could have been meant. */
  readonly choices: readonly string[];

  constructor(message: string, value: string, choices: readonly string[]) {
    super(message);
    this.value = value;
    this.choices = choices;
  }
}

/**
 * Refuses a filter that is misspelt. Letters of other versions may have other reasons and types, so
 * what one of them has is right as well. Such a filter has met no letter, so nothing was changed.
 *
 * @throws UnknownFilterError
 */
export function refuseUnknown(
  { reason, type }: DeadLetterFilter,
  { reasons, types }: Census,
): void {
  refuse("reason", reason, DEAD_LETTER_REASONS, reasons);
  refuse("type", type, eventTypes, types);
}

function refuse(
  what: string,
  wanted: string | undefined,
  known: readonly string[],
  there: Readonly<Record<string, number>>,
): void {
  if (wanted === undefined || known.includes(wanted) || Object.hasOwn(there, wanted)) return;
  const found = inWords(there) || "none";
  throw new UnknownFilterError(
    `There is no such ${what}, neither in this version nor in a dead letter that was looked at. There are: ${found}.`,
    wanted,
    [...new Set([...known, ...Object.keys(there)])],
  );
}

import { crc32 } from "node:zlib";
import { badEntry, type Entry, type GoodEntry } from "./entry.ts";
import { createFirstLines } from "./first-lines.ts";

/** Where an event stands. */
export type Place = {
  /** From 1, in the order of the file. */
  readonly number: number;
  readonly given: unknown;
};

/**
 * Compares each event of a file with those before it. SQS keeps one event of the same source and id:
 * an identical one is left out here, another one is wrong.
 *
 * @param lineOf the line of a place.
 * @param nameOf a place, for people.
 */
export function createRepeatCheck(
  lineOf: (number: number) => number,
  nameOf: (number: number) => string,
): (entry: GoodEntry, place: Place) => Entry {
  const firstOf = createFirstLines();
  return (entry, { number, given }) => {
    const { body, deduplicationId } = entry.message;
    const content = crc32(body);
    const first = firstOf(deduplicationId, number, content);
    if (first === undefined) return entry;
    if (first.content === content) {
      const told = (): string => `${nameOf(number)} repeats ${nameOf(first.line)}`;
      return { ...entry, repeats: { line: first.line, told } };
    }
    const message = `has the source and id of ${nameOf(first.line)} and other content: give it an id of its own`;
    return badEntry(lineOf(number), [{ path: "", message }], given);
  };
}

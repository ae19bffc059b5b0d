import { isMap, isNode, isScalar } from "yaml";
import { quotedName } from "./names.ts";
import type { TextProblem, YamlText } from "./yaml-text.ts";

/** A declaration while it is being read. */
export type Reading = {
  readonly yaml: YamlText;
  /** What is wrong so far. */
  readonly problems: TextProblem[];
  /** How many roles, resources and scopes there may still be. */
  namesLeft: number;
};

/** With aliases, a small text can name more than any tenant has. */
export const MAXIMUM_NAMES = 100_000;

/** One `key: value` of a map. */
export type Entry = {
  readonly key: string;
  /** Where the key stands. */
  readonly offset: number;
  /** Never an alias. */
  readonly value: unknown;
};

export function complain({ problems }: Reading, offset: number, sentence: string): void {
  problems.push({ offset, sentence });
}

/** Counts a name. The first one too many is told of, and none is read after it. */
export function mayRead(reading: Reading, offset: number): boolean {
  reading.namesLeft -= 1;
  if (reading.namesLeft === -1) {
    const says = `more than ${MAXIMUM_NAMES} names are declared: split the file.`;
    complain(reading, offset, says);
  }
  return reading.namesLeft >= 0;
}

/**
 * The entries of a map, each name once. What is no map or no name is complained of.
 *
 * @param offset where to point when there is nothing to point at.
 * @param expected what there should be.
 */
export function entriesOf(
  reading: Reading,
  value: unknown,
  offset: number,
  expected: string,
): readonly Entry[] {
  if (!isMap(value)) {
    const found = isNull(value) ? "nothing" : "something else";
    complain(reading, valueOffset(value, offset), `expected ${expected}, and there is ${found}.`);
    return [];
  }
  const entries = new Map<string, Entry>();
  for (const { key, value: unresolved } of value.items) {
    const at = offsetOf(key, offsetOf(unresolved, offset));
    if (!mayRead(reading, at)) break;
    const name = textOf(key);
    const entryValue = reading.yaml.resolve(unresolved);
    const earlier = name === undefined ? undefined : entries.get(name);
    if (name === undefined) complain(reading, at, `a name must be text${quotesFor(key)}.`);
    else if (earlier !== undefined) {
      const [line] = reading.yaml.position(earlier.offset).split(":");
      const says = `${quotedName(name)} is there twice, first in line ${line}: keep one.`;
      complain(reading, at, says);
    } else if (entryValue === undefined) complain(reading, at, NO_ANCHOR);
    else entries.set(name, { key: name, offset: at, value: entryValue });
  }
  return [...entries.values()];
}

const NO_ANCHOR = "its value is an alias, and no anchor before it has that name.";

/** The text of a node that is one. */
export const textOf = (node: unknown): string | undefined =>
  isScalar(node) && typeof node.value === "string" ? node.value : undefined;

/** Where a node begins. */
export const offsetOf = (node: unknown, otherwise: number): number =>
  isNode(node) ? (node.range?.[0] ?? otherwise) : otherwise;

/** Where the value of a key begins, or the key where there is none, as after `key:`. */
export const valueOffset = (value: unknown, keyOffset: number): number =>
  isScalar(value) && value.source === "" ? keyOffset : offsetOf(value, keyOffset);

export const isNull = (node: unknown): boolean =>
  node === null || (isScalar(node) && node.value === null);

/** What to do with `1.0`, `null` or `true`, which YAML takes for something else than text. */
export const quotesFor = (node: unknown): string =>
  isScalar(node) && node.source ? `: put it in quotes, ${quotedName(node.source)}` : "";

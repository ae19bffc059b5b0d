const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** `{` differs from `[` in this bit alone, and `}` from `]`. */
const BRACKET_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Where in a JSON array a chunk ends. */
export type Place = {
  /** How many brackets are open. Between the elements it is one, behind the array none. */
  readonly depth: number;
  readonly isInString: boolean;
  /** The next byte is part of an escape. */
  readonly isEscaped: boolean;
};

/** Behind the opening bracket. */
export const FIRST_PLACE: Place = { depth: 1, isInString: false, isEscaped: false };

/**
 * Finds where the elements of a JSON array end, chunk by chunk. It knows strings, escapes and nesting,
 * and takes all else for granted: whether it is JSON shows when it is parsed.
 *
 * @param before where the last chunk ended.
 * @returns `end`: the index of the comma, or the closing bracket of the array, behind the last element
 * that is complete with this chunk, if one is. Nothing is read behind the array.
 */
export function scanJsonArray(
  chunk: Uint8Array,
  before: Place,
): { readonly end: number | undefined; readonly place: Place } {
  const { length } = chunk;
  let { depth, isInString } = before;
  let end: number | undefined;
  let at = before.isEscaped ? 1 : 0;
  for (; at < length; at++) {
    if (isInString) {
      at = closingQuote(chunk, at);
      if (at >= length) break;
      isInString = false;
      continue;
    }
    const byte = chunk[at] ?? 0;
    if (byte === QUOTE) isInString = true;
    else if (byte === COMMA && depth === 1) end = at;
    else depth += step(byte);
    if (depth === 0) {
      end = at;
      break;
    }
  }
  return { end, place: { depth, isInString, isEscaped: at > length } };
}

/** Where a string ends: the length where it goes on, one more where the next byte is escaped. */
function closingQuote(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length) {
    const byte = chunk[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return at;
}

function step(byte: number): number {
  const bracket = byte | BRACKET_BIT;
  if (bracket === OPEN) return 1;
  return bracket === CLOSE ? -1 : 0;
}

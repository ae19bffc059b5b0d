import { FIRST_PLACE, scanJsonArray } from "./json-array-scanner.ts";

/** What came is JSON, or nothing at all, and no array. */
export class NotAnArrayError extends Error {
  override readonly name = "NotAnArrayError";
}

type Elements = readonly unknown[];

/**
 * The elements of a JSON array while its bytes come, without holding more of it than a chunk and the
 * element that is not complete yet.
 *
 * It looks for the commas between the elements and leaves all else to `JSON.parse`, which gets as many
 * elements at once as a chunk completes. Together they are what `JSON.parse` would make of the whole.
 * What is no array is kept, and judged at its end.
 *
 * @returns for each chunk a list of the elements that are complete with it, which may be none. Leaving
 * it early leaves the chunks early.
 * @throws SyntaxError when it is no JSON or not whole (the message may quote it: tell nobody);
 * NotAnArrayError.
 */
export async function* jsonArrayElements(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Elements, void, undefined> {
  const splitter = createSplitter();
  for await (const chunk of chunks) yield splitter.take(chunk);
  yield splitter.end();
}

function createSplitter() {
  let phase: "before" | "within" | "after" | "no-array" = "before";
  let place = FIRST_PLACE;
  let hasElements = false;
  /** Bytes that are not parsed yet. */
  let held: Uint8Array[] = [];

  function take(chunk: Uint8Array): Elements {
    switch (phase) {
      case "before": {
        const at = firstSign(chunk);
        if (at === chunk.length) return [];
        phase = chunk[at] === OPEN ? "within" : "no-array";
        return take(phase === "within" ? chunk.subarray(at + 1) : chunk);
      }
      case "within":
        return takeElements(chunk);
      case "after":
        if (firstSign(chunk) === chunk.length) return [];
        throw new SyntaxError("Something follows the array.");
      case "no-array":
        held.push(chunk);
        return [];
    }
  }

  function takeElements(chunk: Uint8Array): Elements {
    const scanned = scanJsonArray(chunk, place);
    place = scanned.place;
    const { end } = scanned;
    if (end === undefined) {
      held.push(chunk);
      return [];
    }
    const isClosed = place.depth === 0;
    const elements = parseElements([...held, chunk.subarray(0, end)]);
    if (elements.length === 0 && (hasElements || !isClosed)) {
      throw new SyntaxError("An element is missing.");
    }
    hasElements = true;
    const rest = chunk.subarray(end + 1);
    held = [rest];
    if (isClosed) {
      if (chunk[end] !== CLOSE) throw new SyntaxError("The array ends in a brace.");
      phase = "after";
      take(rest);
    }
    return elements;
  }

  function end(): Elements {
    if (phase === "after") return [];
    if (phase === "within") throw new SyntaxError("The array does not end.");
    return parseWhole(held);
  }

  return { take, end };
}

function parseElements(chunks: readonly Uint8Array[]): Elements {
  // A decoder would drop a byte order mark, which within JSON is an error.
  return JSON.parse(`[${Buffer.concat(chunks).toString()}]`);
}

function parseWhole(chunks: readonly Uint8Array[]): Elements {
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  const value: unknown = text === "" ? undefined : JSON.parse(text);
  if (!Array.isArray(value)) throw new NotAnArrayError("What came is no array.");
  return value;
}

const OPEN = "[".charCodeAt(0);
const CLOSE = "]".charCodeAt(0);
const SPACES = new Set([..." \n\r\t"].map((sign) => sign.charCodeAt(0)));

/** The index of the first byte that is no white space; the length where there is none. */
function firstSign(chunk: Uint8Array): number {
  const at = chunk.findIndex((byte) => !SPACES.has(byte));
  return at === -1 ? chunk.length : at;
}

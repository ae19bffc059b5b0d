import type { Readable } from "node:stream";

/** A line of a stream, without its end. Its bytes are left out where they are too many. */
export type Line = { readonly number: number; readonly bytes: Buffer | undefined };

const LINE_FEED = 0x0a;

/**
 * Splits bytes at line feeds, and at nothing else: JSON may hold the other characters that some
 * count as line ends. A line that is too long is read over, so that no line takes all memory.
 */
export async function* linesOf(stream: Readable, maximumBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let number = 1;
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > maximumBytes) parts = [];
    else parts.push(part);
  };
  const end = (): Line => {
    const line = { number, bytes: bytes > maximumBytes ? undefined : Buffer.concat(parts) };
    parts = [];
    bytes = 0;
    number += 1;
    return line;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, to));
      yield end();
      from = to + 1;
    }
    add(chunk.subarray(from));
  }
  if (bytes > 0) yield end();
}

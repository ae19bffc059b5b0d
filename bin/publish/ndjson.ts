import type { Readable } from "node:stream";
import { eventMessage, MAXIMUM_BODY_BYTES } from "../../lib/events/message.ts";
import { jsonFlaw } from "../json-problem.ts";
import { badEntry, type Entry, entryOf } from "./entry.ts";
import { linesOf } from "./lines.ts";
import { utf8Text } from "./utf8.ts";

/** A line may be longer than its event as a message, because JSON may be written in longer ways. */
const MAXIMUM_LINE_BYTES = 4 * MAXIMUM_BODY_BYTES;

/**
 * The events of a file that has one on each line. Blank lines are passed over.
 *
 * @param timeMs the `time` of events that have none, epoch milliseconds.
 * @param prepare is given each event before it is checked.
 */
export async function* readNdjson(
  stream: Readable,
  timeMs: number,
  prepare: (event: unknown) => unknown,
): AsyncGenerator<Entry> {
  for await (const { number, bytes } of linesOf(stream, MAXIMUM_LINE_BYTES)) {
    const text = bytes && utf8Text(bytes);
    if (text?.trim() === "") continue;
    const parsed = parse(bytes, text);
    yield "problem" in parsed
      ? badEntry(number, [{ path: "", message: parsed.problem }], text)
      : entryOf(number, eventMessage(prepare(parsed.value), timeMs), parsed.value);
  }
}

function parse(
  bytes: Buffer | undefined,
  text: string | undefined,
): { readonly value: unknown } | { readonly problem: string } {
  if (bytes === undefined) return { problem: `must have at most ${MAXIMUM_LINE_BYTES} bytes` };
  if (text === undefined) return { problem: "must be UTF-8" };
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { column, why } = jsonFlaw(text);
    return { problem: `is not JSON (${why} at column ${column})` };
  }
}

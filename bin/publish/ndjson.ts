import type { Readable } from "node:stream";
import { MAXIMUM_BODY_BYTES, type MessageOrProblem } from "../../lib/events/message.ts";
import { jsonFlaw } from "../json-problem.ts";
import { badEntry, type Entry, entryOf } from "./entry.ts";
import { linesOf } from "./lines.ts";
import { createRepeatCheck } from "./repeats.ts";
import { utf8Text } from "./utf8.ts";

/** A line may be longer than its event as a message, because JSON may be written in longer ways. */
const MAXIMUM_LINE_BYTES = 4 * MAXIMUM_BODY_BYTES;

/**
 * The events of a file that has one on each line. Blank lines are passed over.
 *
 * @param messageOf makes a message of an event.
 */
export async function* readNdjson(
  stream: Readable,
  messageOf: (event: unknown) => MessageOrProblem,
): AsyncGenerator<Entry> {
  const compared = createRepeatCheck(
    (line) => line,
    (line) => `line ${line}`,
  );
  for await (const { number, bytes } of linesOf(stream, MAXIMUM_LINE_BYTES)) {
    const text = bytes && utf8Text(bytes);
    if (text?.trim() === "") continue;
    const parsed = parse(bytes, text);
    if ("problem" in parsed) {
      yield badEntry(number, [{ path: "", message: parsed.problem }], text);
      continue;
    }
    const entry = entryOf(number, messageOf(parsed.value), parsed.value);
    yield entry.ok ? compared(entry, { number, given: parsed.value }) : entry;
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

import { buffer } from "node:stream/consumers";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { MessageOrProblem } from "../../lib/events/message.ts";
import { jsonFlaw } from "../json-problem.ts";
import { type Entry, entryOf, UnreadableError } from "./entry.ts";
import type { Input } from "./input.ts";
import { createRepeatCheck } from "./repeats.ts";
import { utf8Text } from "./utf8.ts";

/** JSON is read whole, which takes several times its size. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;

/**
 * The events of a JSON file: one, or a list of them. Each problem is told with the line of its field.
 *
 * @param messageOf makes a message of an event.
 * @throws UnreadableError when it is no JSON, or too large.
 */
export async function* readJson(
  input: Input,
  messageOf: (event: unknown) => MessageOrProblem,
): AsyncGenerator<Entry> {
  const content = await contentOf(input);
  const value = parse(content);
  const isList = Array.isArray(value);
  const events: readonly unknown[] = isList ? value : [value];
  const lineOf = linesIn(content);
  const lineOfNumber = (number: number): number => lineOf([String(number - 1)]);
  const compared = createRepeatCheck(
    lineOfNumber,
    (number) => `[${number - 1}] on line ${lineOfNumber(number)}`,
  );
  for (const [index, event] of events.entries()) {
    const made = entryOf(0, messageOf(event), event);
    const entry = made.ok ? compared(made, { number: index + 1, given: event }) : made;
    const place = isList ? [String(index)] : [];
    yield entry.ok
      ? entry
      : {
          ...entry,
          line: lineOf(place),
          flaws: entry.flaws.map(({ path, message }) => ({
            path: isList ? `[${index}]${path && `.${path}`}` : path,
            message,
            line: lineOf([...place, ...path.split(".")]),
          })),
        };
  }
}

async function contentOf(input: Input): Promise<string> {
  if (input.bytes > MAXIMUM_BYTES) {
    throw new UnreadableError(
      `a JSON file may have ${MAXIMUM_BYTES} bytes: write one event to a line, and name the file .ndjson`,
      1,
    );
  }
  const content = utf8Text(await buffer(input.stream()));
  if (content === undefined) throw new UnreadableError("this is not UTF-8: save it as that", 1);
  return content;
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    if (content.trim() === "") {
      throw new UnreadableError("it is empty, expected an event or a list of events as JSON", 1);
    }
    const { line, column, why } = jsonFlaw(content);
    throw new UnreadableError(`this is not JSON (${why})`, line, column);
  }
}

/** Finds the line of a value by its path, or of what it would stand in. The text is parsed once. */
function linesIn(content: string): (path: readonly string[]) => number {
  let parsed: { readonly root: Node | undefined; readonly starts: readonly number[] } | undefined;
  return (path) => {
    parsed ??= { root: parseTree(content), starts: lineStarts(content) };
    let node = parsed.root;
    for (const name of path) {
      const key = node?.type === "array" ? Number(name) : name;
      const child = node && findNodeAtLocation(node, [key]);
      if (child === undefined) break;
      node = child;
    }
    return lineAt(node?.offset ?? 0, parsed.starts);
  };
}

function lineStarts(content: string): readonly number[] {
  const starts = [0];
  for (let at = content.indexOf("\n"); at !== -1; at = content.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** How many lines begin at or before the offset. */
function lineAt(offset: number, starts: readonly number[]): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Where JSON ends being JSON, as `:line:column: why.` to put behind a file's name.
 *
 * @param error what `JSON.parse` threw for this text.
 */
export function jsonProblem(text: string, error: unknown): string {
  if (text.trim() === "") return ": it is empty, expected an event or a list of events as JSON.";
  const words = error instanceof Error ? error.message : "";
  const position = Number(/at position (\d+)/.exec(words)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `:${before.length}:${column}: this is not JSON (${reason(words)}).`;
}

// V8 quotes the text after a comma: what stands there is seen better in the file.
const reason = (words: string): string =>
  words.split(",")[0]?.replace(/ in JSON.*$/, "") || "it cannot be parsed";

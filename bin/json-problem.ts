import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";

/** Where text ends being JSON. Line and column count from 1. */
export type JsonFlaw = { readonly line: number; readonly column: number; readonly why: string };

/**
 * Where text ends being JSON, as `:line:column: why.` to put behind a file's name.
 *
 * @param text what `JSON.parse` refused.
 */
export function jsonProblem(text: string): string {
  if (text.trim() === "") return ": it is empty, expected an event or a list of events as JSON.";
  const { line, column, why } = jsonFlaw(text);
  return `:${line}:${column}: this is not JSON (${why}).`;
}

/** @param text what `JSON.parse` refused. */
export function jsonFlaw(text: string): JsonFlaw {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  const before = text.slice(0, first?.offset ?? text.length).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  const why = first === undefined ? "it cannot be parsed" : words(printParseErrorCode(first.error));
  return { line: before.length, column, why };
}

/** `CommaExpected` as a person would say it. */
const words = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();

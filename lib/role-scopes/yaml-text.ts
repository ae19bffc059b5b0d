import { isAlias, LineCounter, type Node, parseDocument } from "yaml";
import { printable } from "./names.ts";
import { aliasesIn } from "./yaml-aliases.ts";

/** Something wrong at a place of a text: what, and what to do, as a sentence. */
export type TextProblem = { readonly offset: number; readonly sentence: string };

/** A YAML text as nodes that know where they stand. */
export type YamlText = {
  readonly contents: Node | null;
  /** What keeps the text from being read. */
  readonly problems: readonly TextProblem[];
  /** What an alias stands for, and any other node itself; `undefined` for an alias of nothing. */
  readonly resolve: (node: unknown) => unknown;
  /** `line:column` of an offset, both from 1. */
  readonly position: (offset: number) => string;
};

/** Reads a YAML text. It throws for no text: what is wrong is among the problems. */
export function readYaml(text: string): YamlText {
  const lineCounter = new LineCounter();
  const position = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  try {
    const { contents, errors, warnings } = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      // The library compares each key with each. Who reads the nodes tells of repeated ones.
      uniqueKeys: false,
      logLevel: "error",
    });
    const problems = [...errors, ...warnings].map(({ code, message, pos: [offset] }) => ({
      offset,
      sentence: `this cannot be read (${REASONS[code] ?? reason(message)}).`,
    }));
    const aliases = problems.length === 0 ? aliasesIn(contents) : new Map();
    const resolve = (node: unknown): unknown => (isAlias(node) ? aliases.get(node) : node);
    return { contents, problems, resolve, position };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The library works by recursion, and most of the time sees it coming.
    const problems = [{ offset: 0, sentence: `this cannot be read (${TOO_DEEP}).` }];
    return { contents: null, problems, resolve: () => undefined, position };
  }
}

const TOO_DEEP = "it is nested too deeply";

const REASONS: Readonly<Record<string, string>> = {
  RESOURCE_EXHAUSTION: TOO_DEEP,
  MULTIPLE_DOCS: "the file holds several documents, keep one",
};

/** The library's own words, to stand in a sentence. */
const reason = (message: string): string =>
  printable(message.charAt(0).toLowerCase() + message.slice(1));

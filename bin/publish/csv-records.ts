import { pipeline, type Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { UnreadableError } from "./entry.ts";

/** The cells of a record, and the line on which it begins, from 1. */
export type CsvRecord = { readonly cells: readonly string[]; readonly line: number };

/** Characters in a record. A quote that is never closed is noticed after so many. */
const MAXIMUM_RECORD_SIZE = 65_536;

/**
 * The records of a CSV file as RFC 4180 describes it, with line ends of any kind.
 *
 * @throws UnreadableError where quotes leave open what belongs to a record.
 */
export async function* recordsOf(stream: Readable): AsyncGenerator<CsvRecord> {
  const lines = lineCounter();
  const parser = parse({
    bom: true,
    max_record_size: MAXIMUM_RECORD_SIZE,
    on_record: (cells, info) => [String(lines.beginOf(cells, info.lines)), ...cells],
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  // What fails in either reaches the loop through the parser.
  pipeline(stream, parser, () => {});
  const records: AsyncIterable<readonly string[]> = parser;
  try {
    for await (const [line, ...cells] of records) yield { cells, line: Number(line) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableError(FLAWS[error.code] ?? "this is no CSV", lines.next());
  }
}

const QUOTES =
  "a quote stands in the middle of a cell: put the whole cell in quotes and double those within";

const FLAWS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened in this row and never closed",
  CSV_MAX_RECORD_SIZE: `this row has more than ${MAXIMUM_RECORD_SIZE} characters: a quote may not be closed`,
  CSV_INVALID_CLOSING_QUOTE: QUOTES,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: QUOTES,
  INVALID_OPENING_QUOTE: QUOTES,
};

/** Where records begin. To the parser a CRLF within quotes is two lines, to everybody else it is one. */
function lineCounter() {
  let countedTwice = 0;
  let lastLine = 0;
  return {
    beginOf: (cells: readonly string[], lines: number): number => {
      const breaks = cells.filter((cell) => /[\r\n]/.test(cell)).join(" ");
      const begin = lines - countedTwice - count(breaks, /[\r\n]/g);
      countedTwice += count(breaks, /\r\n/g);
      lastLine = lines - countedTwice;
      return begin;
    },
    /** Where the record after the last one begins. */
    next: (): number => lastLine + 1,
  };
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

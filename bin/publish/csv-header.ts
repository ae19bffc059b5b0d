import type { Problem } from "../../lib/events/problem.ts";
import { columns, isRequired, type Row } from "./batch-event.ts";
import { UnreadableError } from "./entry.ts";

/** The column of each cell, in the order of the file. */
export type CsvHeader = readonly (keyof Row)[];

/**
 * Reads the first line: which column stands where.
 *
 * @throws UnreadableError for one that is not known, there twice, or missing.
 */
export function headerOf(cells: readonly string[], line: number): CsvHeader {
  if (cells.length === 1 && cells[0]?.includes(";")) {
    throw new UnreadableError("the columns must be separated by commas", line);
  }
  const header = cells.map((cell, index) => {
    const known = columns.find((column) => column === cell);
    if (known !== undefined) return known;
    throw new UnreadableError(
      `the header's ${nameOf(cell, index)} is not known, there are ${columns.join(", ")}`,
      line,
    );
  });
  const twice = header.find((column, index) => header.indexOf(column) !== index);
  if (twice !== undefined) throw new UnreadableError(`the header names ${twice} twice`, line);
  const missing = columns.filter((column) => isRequired(column) && !header.includes(column));
  if (missing.length > 0) {
    throw new UnreadableError(`the header must name ${missing.join(" and ")} as well`, line);
  }
  return header;
}

/** The cells by their columns, empty ones left out, and what is wrong with the cells as such. */
export function rowOf(
  cells: readonly string[],
  header: CsvHeader,
): { readonly row: Row; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  if (cells.length !== header.length) {
    const message = `has ${cells.length} cells where the header has ${header.length}`;
    problems.push({ path: "", message });
  }
  const row: Partial<Record<keyof Row, string>> = {};
  for (const [index, column] of header.entries()) {
    const cell = cells[index] ?? "";
    if (cell.includes("\uFFFD")) problems.push({ path: column, message: "must be UTF-8" });
    if (cell !== "") row[column] = cell;
  }
  return { row, problems };
}

/** A file without a header begins with somebody's address: only a plain name is repeated. */
const nameOf = (cell: string, index: number): string =>
  /^[A-Za-z_][\w -]{0,63}$/.test(cell) ? `column ${cell}` : `column ${index + 1}`;

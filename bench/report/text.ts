import { table } from "../../local/table.ts";
import type { Bar } from "../bars.ts";
import type { Findings, Row } from "../benchmark.ts";

/** The columns of rows that need not have all the same figures. */
export const columnsOf = (rows: readonly Row[]): readonly string[] => [
  ...new Set(rows.flatMap(({ figures }) => Object.keys(figures))),
];

/** A heading and a line for each row, as text. */
export function cellsOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const columns = columnsOf(rows);
  return [
    ["", ...columns],
    ...rows.map(({ name, figures }) => [
      name,
      ...columns.map((column) => figureText(figures[column])),
    ]),
  ];
}

/** With as many digits as mean something: whole numbers as they are, others with three. */
export function figureText(figure: number | string | undefined): string {
  if (figure === undefined) return "-";
  if (typeof figure === "string") return figure;
  if (Number.isInteger(figure)) return figure.toLocaleString("en-US");
  if (Math.abs(figure) >= 100) return Math.round(figure).toLocaleString("en-US");
  return figure.toPrecision(3);
}

/** Such as `holds: time beside one call, 1.12 (≤ 1.3)`. */
export const barLine = ({ holds, what, measured, comparison, limit }: Bar): string =>
  `${holds ? "holds" : "DOES NOT HOLD"}: ${what}, ${figureText(measured)} (${comparison} ${figureText(limit)})`;

/** What a benchmark found, for a terminal. */
export const findingsText = ({ rows, bars, notes = [] }: Findings): string =>
  [table(cellsOf(rows)), ...notes, ...bars.map(barLine)].join("\n");

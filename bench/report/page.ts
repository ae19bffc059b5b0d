import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bar } from "../bars.ts";
import { type Machine, machineLine } from "../machine.ts";
import type { Result } from "../result.ts";
import { plotSvg } from "./plot.ts";
import { cellsOf, figureText } from "./text.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const PLOTS = "performance";

const INTRODUCTION = `# How fast is it, beside what?

Written by \`npm run bench -- --write\`; one benchmark runs with \`npm run bench -- --only name\`. What a user
would pick instead stands beside it on the same work, in turn, against the same stand-ins for Logto and AWS
on 127.0.0.1, which run in a process of their own. That the work was done is counted there. Each contender is
a small file in \`bench/contenders/\`. A bar that does not hold ends the command with 1.`;

/** Writes docs/performance.md and its plots from the results of a run. */
export function writePerformancePage(
  results: readonly Result[],
  machine: Machine,
  date: Date,
  docs = DOCS,
): void {
  const directory = join(docs, PLOTS);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const plot of results.flatMap(({ findings }) => findings?.plots ?? [])) {
    writeFileSync(join(directory, `${plot.file}.svg`), plotSvg(plot));
  }
  writeFileSync(join(docs, "performance.md"), performancePage(results, machine, date));
}

/** The page, as Markdown. */
export function performancePage(results: readonly Result[], machine: Machine, date: Date): string {
  const made = `${date.toISOString().slice(0, 10)}: ${machineLine(machine)}.`;
  return `${[INTRODUCTION, made, ...results.map(section)].join("\n\n")}\n`;
}

function section({ name, title, findings }: Result): string {
  const heading = `## ${name}\n\n${capitalized(title)}.`;
  if (findings === undefined) return `${heading}\n\nIt could not be measured.`;
  const { rows, notes = [], plots = [], bars } = findings;
  return [
    heading,
    rows.length === 0 ? "" : table(cellsOf(rows)),
    ...notes,
    ...plots.map(({ file, title: caption }) => `![${caption}](${PLOTS}/${file}.svg)`),
    bars.length === 0 ? "" : table([["must hold", "measured", "limit", ""], ...bars.map(barCells)]),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const barCells = ({ what, measured, comparison, limit, holds }: Bar): readonly string[] => [
  what,
  figureText(measured),
  `${comparison} ${figureText(limit)}`,
  holds ? "holds" : "**does not hold**",
];

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function table([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = `|${heading.map((_, column) => (column === 0 ? "---|" : "---:|")).join("")}`;
  return [line(heading), rule, ...rows.map(line)].join("\n");
}

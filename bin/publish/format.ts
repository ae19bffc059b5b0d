import { extname } from "node:path";
import { UsageError } from "../usage-error.ts";

export const formats = ["json", "ndjson", "csv"] as const;

/** How events stand in a file: one or a list as JSON, one to a line, or one to a row. */
export type Format = (typeof formats)[number];

const EXTENSIONS: Readonly<Record<string, Format>> = {
  ".json": "json",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
};

/** How many of the first bytes tell a format. */
export const HEAD_BYTES = 65_536;

/**
 * The format that a file's name says, or else what its beginning looks like: a list or an event is
 * JSON, an event that ends with its line is the first of several lines, and a CSV has its header.
 *
 * @throws UsageError when neither tells.
 */
export function formatOf(file: string, head: Buffer): Format {
  const named = EXTENSIONS[extname(file).toLowerCase()];
  if (named !== undefined) return named;
  const text = head
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (text === "" || text.startsWith("[")) return "json";
  if (text.startsWith("{")) return isWholeJson(firstLine(text)) ? "ndjson" : "json";
  if (firstLine(text).includes("organizationId")) return "csv";
  throw new UsageError(
    `${file === "-" ? "standard input" : file} looks like neither JSON nor a CSV with a header: say with --format what it is.`,
  );
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import { parseDurationSeconds } from "../lib/runtime/duration.ts";

/** A duration as people type it, `14d`, as ISO 8601 has it, `P14D`; any other text as it is. */
export function isoDuration(text: string): string {
  const [, count, unit = ""] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (count === undefined) return text;
  const isOfDays = unit === "d" || unit === "w";
  return `P${isOfDays ? "" : "T"}${count}${unit.toUpperCase()}`;
}

/**
 * A duration as people type it, `30m`, `12h` or `14d`, or as ISO 8601 has it, `PT12H`.
 *
 * @returns whole seconds, or `undefined` when the text is no duration.
 */
export const commandLineDurationSeconds = (text: string): number | undefined =>
  parseDurationSeconds(isoDuration(text));

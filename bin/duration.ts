import { parseDurationSeconds } from "../lib/runtime/duration.ts";

/**
 * A duration as people type it, `30m`, `12h` or `14d`, or as ISO 8601 has it, `PT12H`.
 *
 * @returns whole seconds, or `undefined` when the text is no duration.
 */
export function commandLineDurationSeconds(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (count === undefined) return parseDurationSeconds(text);
  const isOfDays = unit === "d" || unit === "w";
  return parseDurationSeconds(`P${isOfDays ? "" : "T"}${count}${unit.toUpperCase()}`);
}

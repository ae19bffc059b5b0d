/** What must hold of a measurement, and whether it did. */
export type Bar = {
  /** What is compared, such as `time beside one call`. */
  readonly what: string;
  readonly measured: number;
  readonly comparison: "≤" | "≥" | "=";
  readonly limit: number;
  readonly holds: boolean;
};

export const atMost = (what: string, measured: number, limit: number): Bar =>
  bar(what, measured, "≤", limit, measured <= limit);

export const atLeast = (what: string, measured: number, limit: number): Bar =>
  bar(what, measured, "≥", limit, measured >= limit);

export const exactly = (what: string, measured: number, limit: number): Bar =>
  bar(what, measured, "=", limit, measured === limit);

/** No comparison holds for a figure that is none. */
const bar = (
  what: string,
  measured: number,
  comparison: Bar["comparison"],
  limit: number,
  holds: boolean,
): Bar => ({ what, measured, comparison, limit, holds });

import type { Context } from "aws-lambda";
import type { Deadline } from "./batch.ts";

/** What is left at the end for dead letters, delays and the answer. */
const CLOSING_MS = 3_000;

/** A message begun later than this before the end would likely be cut off in the middle. */
const LAST_START_MS = 8_000;

/** How a batch may use its function's time. */
export function deadlineOf(context: Pick<Context, "getRemainingTimeInMillis">): Deadline {
  const end = Date.now() + context.getRemainingTimeInMillis();
  return { startBefore: end - LAST_START_MS, endBy: end - CLOSING_MS };
}

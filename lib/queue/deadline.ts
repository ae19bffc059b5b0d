import type { Context } from "aws-lambda";

/** Until when a batch may be worked on. */
export type Deadline = {
  /** Epoch milliseconds from which no new message is begun. */
  readonly startBefore: number;
  /** Epoch milliseconds at which work under way is given up. */
  readonly endBy: number;
};

/** What is left at the end for dead letters, delays and the answer. */
const CLOSING_MS = 3_000;

/** A message begun later than this before the end would likely be cut off in the middle. */
const LAST_START_MS = 8_000;

/** How a batch may use its function's time. */
export function deadlineOf(context: Pick<Context, "getRemainingTimeInMillis">): Deadline {
  const end = Date.now() + context.getRemainingTimeInMillis();
  return { startBefore: end - LAST_START_MS, endBy: end - CLOSING_MS };
}

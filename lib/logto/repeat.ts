import { setTimeout as wait } from "node:timers/promises";
import { LogtoError } from "./errors.ts";

/** How often a call that may be repeated is tried in place. What lasts longer is the queue's work. */
export const MAXIMUM_ATTEMPTS = 3;

const FIRST_DELAY_MS = 200;

/** Waiting longer than this in place keeps others from working. */
const LONGEST_DELAY_MS = 30_000;

/**
 * How long to wait before trying the same call again in place: a pure function.
 *
 * @param error what the attempt ended in.
 * @param attempt 1 for the first.
 * @param random from 0 to 1.
 * @returns milliseconds; `undefined` when trying again at once has no prospect.
 */
export function delayBeforeRepeatMs(
  error: unknown,
  attempt: number,
  random: number,
): number | undefined {
  if (!(error instanceof LogtoError) || !isPassing(error)) return undefined;
  if (error.retryAfterSeconds !== undefined) {
    const waitMs = error.retryAfterSeconds * 1000;
    return waitMs <= LONGEST_DELAY_MS ? waitMs : undefined;
  }
  const ceilingMs = FIRST_DELAY_MS * 2 ** attempt;
  return Math.round(ceilingMs * (0.5 + random / 2));
}

const PASSING_STATUS: readonly number[] = [429, 502, 503, 504];

function isPassing(error: LogtoError): boolean {
  if (error.meaning === "recipient-rate-limited") return false;
  if (error.status !== undefined) return PASSING_STATUS.includes(error.status);
  return error.meaning === "unavailable" && error.code !== "timeout";
}

/**
 * Runs an attempt until it succeeds or is not to be tried again.
 *
 * @param delayMs says after which wait to try again; `undefined`: not at all.
 * @throws what the last attempt threw, or the signal's reason.
 */
export async function repeated<Result>(
  attempt: () => Promise<Result>,
  delayMs: (error: unknown, attempts: number) => number | undefined,
  signal: AbortSignal | undefined,
): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const waitMs = delayMs(error, attempts);
      if (waitMs === undefined) throw error;
      await wait(waitMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  }
}

import { InvalidOptionsError, type ReconcileOptions } from "./options.ts";

/** Which reminders a run sends. Times are epoch milliseconds. */
export type Window = {
  /** Those due after this … */
  readonly since: number;
  /** … and not after this … */
  readonly until: number;
  /** … of invitations created before this, where it is given. */
  readonly createdBefore?: number | undefined;
  /** From when on nothing more of it is sent: what is left is missed. */
  readonly sendBefore: number;
};

/**
 * SQS drops a repeat of an event within five minutes. A reminder that is sent for its scheduled time
 * within this long, and half a minute for what is under way then, is sent once, however many runs
 * there are for that time.
 */
const SEND_WITHIN_MS = 270_000;

/** By how much two clocks of AWS may differ. */
const CLOCK_SKEW_MS = 15_000;

/**
 * The reminders of a run: of a scheduled one those that became due since the one before it, by hand
 * those that are asked for, or none.
 *
 * By hand it ends at the last scheduled time where nothing else is said: the next scheduled run covers
 * what comes after that.
 *
 * @param everyMs the schedule's interval.
 * @param now epoch milliseconds.
 * @throws InvalidOptionsError for times that make no window.
 */
export function reminderWindow(
  { scheduledAt, makeUp }: ReconcileOptions,
  everyMs: number,
  now: number,
): Window | undefined {
  if (scheduledAt !== undefined) {
    if (scheduledAt > now + CLOCK_SKEW_MS) throw inFuture("scheduledTime");
    const since = scheduledAt - everyMs;
    return { since, until: scheduledAt, sendBefore: scheduledAt + SEND_WITHIN_MS };
  }
  if (makeUp === undefined) return undefined;
  const lastScheduledAt = Math.floor(now / everyMs) * everyMs;
  const { since, until = lastScheduledAt, createdBefore } = makeUp;
  if (until > now) throw inFuture("until");
  if (since >= until) {
    throw new InvalidOptionsError(
      `There is nothing to make up for: since must lie before ${makeUp.until === undefined ? "the last scheduled time" : "until"}, ${new Date(until).toISOString()}.`,
    );
  }
  return { since, until, createdBefore, sendBefore: Number.POSITIVE_INFINITY };
}

const inFuture = (option: string) =>
  new InvalidOptionsError(`${option} lies in the future: give a time that has passed.`);

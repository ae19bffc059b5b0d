import type { Invitation } from "../logto/invitations.ts";
import type { RemindAfter } from "./policy.ts";
import { dueReminder } from "./reminders.ts";
import type { Window } from "./window.ts";

/** What became of a run's reminders. */
export type RemindersReport = {
  /** RFC 3339, like `until` and `createdBefore`. */
  readonly since: string;
  readonly until: string;
  /** How many were due and could still be sent. */
  readonly due: number;
  readonly missed?: MissedReminders;
};

/** Reminders that are due and were not sent. */
export type MissedReminders = {
  /** How many; absent where the list was not read as far as they go. */
  readonly count?: number;
  /** The options of a run by hand that sends them, and none that was sent. */
  readonly runByHand: {
    readonly since: string;
    readonly until: string;
    readonly createdBefore?: string;
  };
};

/** The reminders of one run, over all invitations, newest first. */
export type ReminderRun = {
  /** The reminder to send for the next invitation. */
  readonly take: (invitation: Invitation) => RemindAfter | undefined;
  /** Whether an invitation that was created no later than this may have a reminder in the window. */
  readonly mayFollow: (createdAt: number) => boolean;
  /** @param readTo creation of the last invitation that was read, where not all were. */
  readonly report: (readTo?: number) => RemindersReport;
};

/**
 * Sends reminders for as long as the window says. It stops between two invitations of different
 * creation times, so that what was missed can be told from what was sent.
 *
 * @param remindAfter shortest first.
 * @param now epoch milliseconds.
 */
export function createReminderRun(
  remindAfter: readonly RemindAfter[],
  window: Window,
  now: () => number,
): ReminderRun {
  const longestMs = remindAfter.at(-1)?.ms ?? 0;
  const mayFollow = (createdAt: number): boolean => createdAt + longestMs > window.since;
  let isLate = false;
  let lastSentCreatedAt: number | undefined;
  let due = 0;
  let missed = 0;

  return {
    mayFollow,
    take: (invitation) => {
      const reminder = dueReminder(invitation, remindAfter, window, now());
      if (reminder === undefined) return undefined;
      if (invitation.createdAt !== lastSentCreatedAt) isLate ||= now() >= window.sendBefore;
      if (isLate) {
        missed += 1;
        return undefined;
      }
      lastSentCreatedAt = invitation.createdAt;
      due += 1;
      return reminder;
    },
    report: (readTo) => {
      const isCut = readTo !== undefined && mayFollow(readTo);
      const { since, until } = { since: timeOf(window.since), until: timeOf(window.until) };
      const before = lastSentCreatedAt ?? window.createdBefore;
      const createdBefore = before === undefined ? {} : { createdBefore: timeOf(before) };
      const count = isCut ? {} : { count: missed };
      return {
        since,
        until,
        due,
        ...(missed > 0 || isCut
          ? { missed: { ...count, runByHand: { since, until, ...createdBefore } } }
          : {}),
      };
    },
  };
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

import type { Invitation } from "../logto/invitations.ts";
import type { RemindAfter } from "./policy.ts";
import { dueReminder } from "./reminders.ts";
import type { Window } from "./window.ts";

/** What became of a run's reminders. */
export type RemindersReport = {
  /** RFC 3339, like `until` and `createdBefore`. */
  readonly since: string;
  readonly until: string;
  /** How many were due and are sent. */
  readonly due: number;
  readonly missed?: MissedReminders;
};

/** Reminders that are due and were not sent. */
export type MissedReminders = {
  /** How many; absent where the list was not read as far as they go. */
  readonly count?: number;
  /** How many of them SQS did not take, or nobody knows whether it did. */
  readonly unsent?: number;
  /**
   * The options of a run by hand that sends them, and none that was sent; where some are unsent, also
   * what SQS took of the same moments and older.
   */
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
  /** The event that sends it is on its way … */
  readonly planned: (eventId: string, createdAt: number) => void;
  /** … and is in the queue. It may be any event. */
  readonly published: (eventId: string) => void;
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
  /** Events that are not in the queue, and when their invitations were created. */
  const underWay = new Map<string, number>();
  const createdBefore = (): number | undefined => {
    // Sent twice is better than never.
    if (underWay.size > 0) return Math.max(...underWay.values()) + 1;
    return lastSentCreatedAt ?? window.createdBefore;
  };

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
    planned: (eventId, createdAt) => {
      underWay.set(eventId, createdAt);
    },
    published: (eventId) => {
      underWay.delete(eventId);
    },
    report: (readTo) => {
      const unsent = underWay.size;
      const isCut = readTo !== undefined && mayFollow(readTo);
      const { since, until } = { since: timeOf(window.since), until: timeOf(window.until) };
      const before = createdBefore();
      const runByHand = {
        since,
        until,
        ...(before === undefined ? {} : { createdBefore: timeOf(before) }),
      };
      const counts = {
        ...(isCut ? {} : { count: missed + unsent }),
        ...(unsent === 0 ? {} : { unsent }),
      };
      return {
        since,
        until,
        due: due - unsent,
        ...(missed + unsent > 0 || isCut ? { missed: { ...counts, runByHand } } : {}),
      };
    },
  };
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

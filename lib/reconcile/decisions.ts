import type { MessageOrProblem } from "../events/message.ts";
import type { Invitation } from "../logto/invitations.ts";
import type { ReconcilePolicy } from "./policy.ts";
import { createReminderRun, type RemindersReport } from "./reminder-run.ts";
import { reminderEvent } from "./reminders.ts";
import { createRenewalSearch, renewalEvent } from "./renewals.ts";
import { deletionEvent, isToBeDeleted } from "./retention.ts";
import type { Window } from "./window.ts";

/** What is to be done about the invitations of a tenant, taken one by one, newest first. */
export type Decisions = {
  /** Whether nothing is asked for: then the list need not be read. */
  readonly areNone: boolean;
  /** The event for an invitation, if one is due. */
  readonly take: (invitation: Invitation) => MessageOrProblem | undefined;
  /** Told of every event that is in its queue. */
  readonly published: (eventId: string) => void;
  /** The events that are known when all were taken. */
  readonly rest: () => Iterable<MessageOrProblem>;
  /** Whether nothing can be due for an invitation that was created no later than this. */
  readonly areAllTaken: (createdAt: number) => boolean;
  /** @param readTo creation of the last invitation that was read, where not all were. */
  readonly report: (readTo?: number) => DecisionsReport;
};

/** What was found. Each part is absent where it is off. */
export type DecisionsReport = {
  readonly reminders?: RemindersReport;
  readonly renewals?: ChangesReport;
  readonly deletions?: ChangesReport;
};

export type ChangesReport = {
  /** How many this run asks for. */
  readonly due: number;
  /** How many more there are, for the next run. */
  readonly left: number;
};

/**
 * Decides by the policy what becomes of each invitation. Reminders are limited by the window alone:
 * what a run leaves out is not sent by the next. Renewals and deletions are limited in number, so that
 * a backlog of them keeps nobody waiting who is invited meanwhile.
 *
 * @param window of the reminders; `undefined` for none.
 * @param at as of when, epoch milliseconds: the time of the events.
 * @param now epoch milliseconds.
 */
export function createDecisions(
  { remindAfter, renewal, keepEndedMs, changesAtMost }: ReconcilePolicy,
  window: Window | undefined,
  at: number,
  now: () => number,
): Decisions {
  const reminders =
    window === undefined || remindAfter.length === 0
      ? undefined
      : createReminderRun(remindAfter, window, now);
  const search = renewal && createRenewalSearch(renewal, at);
  const renewals = createTally(changesAtMost);
  const deletions = createTally(changesAtMost);

  return {
    areNone: reminders === undefined && search === undefined && keepEndedMs === undefined,
    take: (invitation) => {
      // What may be renewed is known by its ended invitations: they stay.
      const countsForRenewal = search?.take(invitation) ?? false;
      const reminder = reminders?.take(invitation);
      if (reminder !== undefined) {
        const event = reminderEvent(invitation, reminder, at);
        if (event.ok) reminders?.planned(event.message.eventId, invitation.createdAt);
        return event;
      }
      if (keepEndedMs === undefined || countsForRenewal) return undefined;
      const isDue = isToBeDeleted(invitation, keepEndedMs, at) && deletions.add();
      return isDue ? deletionEvent(invitation, at) : undefined;
    },
    published: (eventId) => reminders?.published(eventId),
    rest: function* () {
      for (const candidate of search?.found() ?? []) {
        if (renewals.add()) yield renewalEvent(candidate, at);
      }
    },
    areAllTaken: (createdAt) =>
      search === undefined && keepEndedMs === undefined && !reminders?.mayFollow(createdAt),
    report: (readTo) => ({
      ...(reminders === undefined ? {} : { reminders: reminders.report(readTo) }),
      ...(search === undefined ? {} : { renewals: renewals.report() }),
      ...(keepEndedMs === undefined ? {} : { deletions: deletions.report() }),
    }),
  };
}

/** Counts up to a limit, and beyond it what is left. */
function createTally(atMost: number) {
  let due = 0;
  let left = 0;
  return {
    add: (): boolean => {
      const isWithin = due < atMost;
      if (isWithin) due += 1;
      else left += 1;
      return isWithin;
    },
    report: (): ChangesReport => ({ due, left }),
  };
}

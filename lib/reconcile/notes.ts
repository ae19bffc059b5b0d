import type { Found } from "./answer.ts";
import type { ReconcileOptions } from "./options.ts";
import type { ReconcilePolicy } from "./policy.ts";
import type { MissedReminders, RemindersReport } from "./reminder-run.ts";

/** What a run did not do, and why or what to do about it: a sentence each. */
export function notesOf(
  { only, scheduledAt, makeUp }: ReconcileOptions,
  { remindAfter, roleScopesFile }: ReconcilePolicy,
  { roleScopes, invitations, unsent }: Found,
): readonly string[] {
  const notes: string[] = [];
  if (only !== "invitations" && roleScopes === undefined) {
    notes.push(`There is no ${roleScopesFile}: no role is managed.`);
  }
  if (roleScopes !== undefined && roleScopes.unresolved.length > 0) {
    notes.push("Logto does not know every name that is declared: those roles are left alone.");
  }
  const looksAtInvitations = only !== "role-scopes";
  if (looksAtInvitations && remindAfter.length > 0 && scheduledAt === undefined && !makeUp) {
    notes.push('No reminders: by hand they are sent for a time that is given as "since".');
  } else if (makeUp !== undefined && remindAfter.length === 0) {
    notes.push("No reminders: INVITATION_REMIND_AFTER is not set.");
  } else if (looksAtInvitations && invitations === undefined) {
    notes.push("Invitations are left alone: no setting asks for reminders, renewals or deletions.");
  }
  const { reminders, renewals, deletions, unfit, outOfTime } = invitations ?? {};
  if (reminders?.missed !== undefined) notes.push(missedSentence(reminders, reminders.missed));
  if (outOfTime) notes.push("There was no time for all invitations: the next run begins anew.");
  const left = (renewals?.left ?? 0) + (deletions?.left ?? 0);
  if (left > 0) {
    notes.push(
      `Renewals and deletions left to the next runs, which ask for RECONCILE_CHANGES_AT_MOST of each: ${left}.`,
    );
  }
  if (unfit !== undefined) {
    notes.push(
      `Invitations left alone because no event may hold what they do, such as more than 100 roles: ${unfit}.`,
    );
  }
  if (unsent !== undefined) notes.push(`Events that could not be published any more: ${unsent}.`);
  return notes;
}

/** What to do about reminders that were not sent. */
function missedSentence(
  { since, until }: RemindersReport,
  { count, unsent, runByHand }: MissedReminders,
) {
  const why = unsent === undefined ? ", for they might be sent twice" : "";
  return (
    `Reminders due between ${since} and ${until} were not sent${count === undefined ? "" : ` (${count})`}${why}: ` +
    `run by hand with ${JSON.stringify(runByHand)}, unless another run for the same time has sent them.` +
    (unsent === undefined
      ? ""
      : ` SQS did not take ${unsent}; what it took beside them is sent again unless that is within five minutes.`)
  );
}

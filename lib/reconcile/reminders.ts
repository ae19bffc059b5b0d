import type { MessageOrProblem } from "../events/message.ts";
import type { Invitation } from "../logto/invitations.ts";
import { reconcileEvent } from "./events.ts";
import type { RemindAfter } from "./policy.ts";
import type { Window } from "./window.ts";

/**
 * The reminder of an invitation that falls into a window, the latest where there are several: two
 * e-mails at once remind no better.
 *
 * @param remindAfter shortest first.
 * @param now epoch milliseconds.
 */
export function dueReminder(
  { status, createdAt, expiresAt }: Invitation,
  remindAfter: readonly RemindAfter[],
  { since, until, createdBefore = Number.POSITIVE_INFINITY }: Window,
  now: number,
): RemindAfter | undefined {
  if (status !== "Pending" || expiresAt <= now || createdAt >= createdBefore) return undefined;
  return remindAfter.findLast(({ ms }) => since < createdAt + ms && createdAt + ms <= until);
}

/** The event that sends it. An invitation that is over by then is left alone. */
export const reminderEvent = (
  { id, organizationId, invitee }: Invitation,
  { text }: RemindAfter,
  at: number,
): MessageOrProblem =>
  reconcileEvent(
    `remind:${id}:${text}`,
    "onboarding.invitation.resend",
    { organizationId, invitee, invitationId: id, onlyIfPending: true },
    at,
  );

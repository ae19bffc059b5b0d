import type { MessageOrProblem } from "../events/message.ts";
import type { Invitation } from "../logto/invitations.ts";
import { reconcileEvent } from "./events.ts";

/**
 * Whether an invitation ended longer ago than it is to be kept.
 *
 * @param at as of when, epoch milliseconds.
 */
export function isToBeDeleted(
  { status, updatedAt, expiresAt }: Invitation,
  keepEndedMs: number,
  at: number,
): boolean {
  if (status === "Pending") return false;
  return at - (status === "Expired" ? expiresAt : updatedAt) > keepEndedMs;
}

export const deletionEvent = (
  { id, organizationId, invitee }: Invitation,
  at: number,
): MessageOrProblem =>
  reconcileEvent(
    `delete:${id}`,
    "onboarding.invitation.delete",
    { organizationId, invitee, invitationId: id },
    at,
  );

import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import { NotFoundError } from "../logto/errors.ts";
import type { InvitationContext } from "./context.ts";
import { findInvitations, mayBeMeant } from "./find.ts";
import { done } from "./outcomes.ts";

/**
 * Carries out `onboarding.invitation.delete`: Logto forgets the invitation, or all of the invitee
 * into the organization when none is named by id. Whoever accepted one stays a member.
 *
 * @throws LogtoError for what the queue decides about.
 */
export async function deleteInvitation(
  { data }: EventOf<"onboarding.invitation.delete">,
  { logto, delivery }: InvitationContext,
): Promise<Outcome> {
  const meant = (await findInvitations(data, logto)).filter(mayBeMeant(delivery));
  for (const { id } of meant) {
    try {
      await logto.invitations.delete(id);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  const [newest] = meant;
  return newest === undefined ? done("already-gone") : done("deleted", newest);
}

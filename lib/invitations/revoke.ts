import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { LogtoClient } from "../logto/client.ts";
import { EndedError, NotFoundError } from "../logto/errors.ts";
import type { Invitation } from "../logto/invitations.ts";
import type { InvitationContext } from "./context.ts";
import { findInvitations, isPending, mayBeMeant, readInvitation } from "./find.ts";
import { done, endedOtherwise } from "./outcomes.ts";

/**
 * Carries out `onboarding.invitation.revoke`: whatever is pending now can no longer be accepted. A
 * repeat revokes what is pending then: to invite again is cheap, a stray invitation is not.
 *
 * @throws LogtoError for what the queue decides about.
 */
export async function revokeInvitation(
  { data }: EventOf<"onboarding.invitation.revoke">,
  { logto, delivery }: InvitationContext,
): Promise<Outcome> {
  const meant = (await findInvitations(data, logto)).filter(mayBeMeant(delivery));
  const pending = meant.filter(isPending);
  const [newest] = pending;
  if (newest !== undefined) {
    const accepted = await revokePending(pending, logto);
    return accepted === undefined ? done("revoked", newest) : endedOtherwise(accepted);
  }
  const [last] = meant;
  if (last?.status === "Accepted") return endedOtherwise(last);
  return last === undefined ? done("already-gone") : done("already-ended", last);
}

/**
 * Revokes pending invitations. One that ended meanwhile is as good as revoked, unless it was
 * accepted.
 *
 * @returns the one that was accepted before it could be revoked.
 */
export async function revokePending(
  pending: readonly Invitation[],
  logto: LogtoClient,
): Promise<Invitation | undefined> {
  let accepted: Invitation | undefined;
  for (const { id } of pending) {
    try {
      await logto.invitations.updateStatus(id, { status: "Revoked" });
    } catch (error) {
      if (error instanceof NotFoundError) continue;
      if (!(error instanceof EndedError)) throw error;
      const ended = await readInvitation(id, logto);
      if (ended?.status === "Accepted") accepted = ended;
    }
  }
  return accepted;
}

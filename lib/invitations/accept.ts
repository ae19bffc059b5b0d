import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import { EndedError, logtoError, NotFoundError } from "../logto/errors.ts";
import type { Invitation } from "../logto/invitations.ts";
import type { InvitationContext } from "./context.ts";
import { askedAt, isPublishedLate, mayBeRepeat } from "./delivery.ts";
import { findInvitations, isPending, mayBeMeant, readInvitation } from "./find.ts";
import { done, endedOtherwise, notFound } from "./outcomes.ts";

type Accept = EventOf<"onboarding.invitation.accept">;

/**
 * Carries out `onboarding.invitation.accept`: the user joins the organization with the roles of the
 * invitation. Logto itself checks that the user is the invitee.
 *
 * @throws ReferenceNotFoundError for a user that Logto does not know (yet); other LogtoErrors for
 * what the queue decides about.
 */
export async function acceptInvitation(
  event: Accept,
  { logto, delivery }: InvitationContext,
): Promise<Outcome> {
  const { acceptedUserId } = event.data;
  const meant = (await findInvitations(event.data, logto)).filter(mayBeMeant(delivery));
  const accepted = meant.find(isAcceptedBy(acceptedUserId));
  const pending = meant.find(isPending);
  const asked = askedAt(event, delivery);
  if (accepted !== undefined) {
    // Carried out before: what is pending now is a newer invitation, which nobody has accepted.
    const isOwn = mayBeRepeat(event, delivery) && accepted.updatedAt >= asked;
    const isOlder = isPublishedLate(event, delivery) && asked < (pending?.createdAt ?? 0);
    if (pending === undefined || isOwn || isOlder) return done("already-accepted", accepted);
  }
  if (pending !== undefined) return accept(pending.id, acceptedUserId, logto);
  const [last] = meant;
  return last === undefined ? notFound : endedOtherwise(last);
}

async function accept(
  id: string,
  acceptedUserId: string,
  logto: InvitationContext["logto"],
): Promise<Outcome> {
  try {
    const change = { status: "Accepted", acceptedUserId } as const;
    return done("accepted", await logto.invitations.updateStatus(id, change));
  } catch (error) {
    if (!(error instanceof EndedError || error instanceof NotFoundError)) throw error;
    const invitation = await readInvitation(id, logto);
    if (invitation === undefined) return notFound;
    if (error instanceof NotFoundError) {
      // The invitation is there, so it is the user who is not.
      throw logtoError("reference-not-found", "Logto does not know the user of acceptedUserId", {
        operation: error.operation,
        ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
      });
    }
    return isAcceptedBy(acceptedUserId)(invitation)
      ? done("already-accepted", invitation)
      : endedOtherwise(invitation);
  }
}

const isAcceptedBy =
  (userId: string) =>
  ({ status, acceptedUserId }: Invitation): boolean =>
    status === "Accepted" && acceptedUserId === userId;

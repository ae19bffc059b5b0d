import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import { EndedError, logtoError, NotFoundError } from "../logto/errors.ts";
import type { Invitation } from "../logto/invitations.ts";
import type { InvitationContext } from "./context.ts";
import { askedAt, mayBeRepeat } from "./delivery.ts";
import { findInvitations, isPending, mayBeMeant } from "./find.ts";
import { done, endedOtherwise, notFound } from "./outcomes.ts";

type Accept = EventOf<"onboarding.invitation.accept">;

/**
 * Carries out `onboarding.invitation.accept`: the user joins the organization with the roles of the
 * invitation. With an invitation id this is one call; Logto itself checks that the user is the
 * invitee.
 *
 * @throws ReferenceNotFoundError for a user that Logto does not know (yet); other LogtoErrors for
 * what the queue decides about.
 */
export async function acceptInvitation(
  event: Accept,
  context: InvitationContext,
): Promise<Outcome> {
  const { data } = event;
  const { logto, delivery } = context;
  if (data.invitationId !== undefined) return accept(data.invitationId, event, context);

  const invitations = (await findInvitations(data, logto)).filter(mayBeMeant(delivery));
  const byUser = invitations.find(
    ({ status, acceptedUserId }) => status === "Accepted" && acceptedUserId === data.acceptedUserId,
  );
  const isOwn = byUser !== undefined && byUser.updatedAt >= askedAt(event, delivery);
  if (isOwn && mayBeRepeat(event, delivery)) return done("already-accepted", byUser);
  const pending = invitations.find(isPending);
  if (pending !== undefined) return accept(pending.id, event, context);
  if (byUser !== undefined) return done("already-accepted", byUser);
  const [last] = invitations;
  return last === undefined ? notFound : endedOtherwise(last);
}

async function accept(
  id: string,
  { data: { acceptedUserId } }: Accept,
  { logto }: InvitationContext,
): Promise<Outcome> {
  try {
    return done(
      "accepted",
      await logto.invitations.updateStatus(id, { status: "Accepted", acceptedUserId }),
    );
  } catch (error) {
    if (!(error instanceof EndedError || error instanceof NotFoundError)) throw error;
    const invitation = await read(id, logto);
    if (invitation === undefined) return notFound;
    if (error instanceof NotFoundError) {
      // The invitation is there, so it is the user who is not.
      throw logtoError("reference-not-found", "Logto does not know the user of acceptedUserId", {
        operation: error.operation,
        ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
      });
    }
    return invitation.status === "Accepted" && invitation.acceptedUserId === acceptedUserId
      ? done("already-accepted", invitation)
      : endedOtherwise(invitation);
  }
}

async function read(
  id: string,
  logto: InvitationContext["logto"],
): Promise<Invitation | undefined> {
  try {
    return await logto.invitations.get(id);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import { AlreadyExistsError, AlreadyMemberError } from "../logto/errors.ts";
import type { Invitation, InvitationMessage } from "../logto/invitations.ts";
import type { InvitationContext } from "./context.ts";
import { askedAt, isPublishedLate } from "./delivery.ts";
import { withFingerprint } from "./expiry.ts";
import { findInvitations, isPending, mayBeMeant, wasPendingAt } from "./find.ts";
import { changedMeanwhile, done, endedOtherwise, expired, notFound } from "./outcomes.ts";
import { createAndMail, mail, mailIfUnsure } from "./write.ts";

type Resend = EventOf<"onboarding.invitation.resend">;

/**
 * Carries out `onboarding.invitation.resend`: the invitee gets an e-mail whose link works. Logto
 * itself would mail the dead link of an ended invitation; here an expired one is renewed first, with
 * its roles and inviter.
 *
 * @throws LogtoError for what the queue decides about.
 */
export async function resendInvitation(
  event: Resend,
  context: InvitationContext,
): Promise<Outcome> {
  const { data } = event;
  const { delivery, logto, policy } = context;
  let found = await findInvitations(data, logto);
  const mayRenew = data.onlyIfPending !== true;
  if (mayRenew && data.invitationId !== undefined && found[0]?.status === "Expired") {
    // It may have been renewed already, by this event or another.
    found = await findInvitations({ ...data, invitationId: undefined }, logto);
  }
  const meant = found.filter(mayBeMeant(delivery));
  const newer = found.find((other) => isPending(other) && !meant.includes(other));
  if (newer !== undefined) return done("already-pending", newer);
  const asked = askedAt(event, delivery);
  const renewal = withFingerprint(event, asked + policy.expirySeconds * 1000);
  // A deployment that sends no e-mail by itself still sends the one that is asked for.
  const message = { ...policy.variables, ...data.message };
  const renewed = meant.find(({ expiresAt }) => expiresAt === renewal);
  if (renewed !== undefined) {
    await mailIfUnsure(renewed, message, context);
    return done("already-carried-out", renewed);
  }
  const invitation = meant.find(isPending) ?? meant[0];
  if (invitation === undefined) return mayRenew ? notFound : done("already-gone");
  if (!mayRenew && !isPending(invitation)) return done("no-longer-pending", invitation);
  switch (invitation.status) {
    case "Pending":
      await mail(invitation, message, context);
      return done("resent", invitation);
    case "Expired":
      // It was sent when it was asked for, or comes too late.
      if (isPublishedLate(event, delivery) && meant.some(wasPendingAt(asked))) {
        return expired(invitation.expiresAt);
      }
      return renew(invitation, renewal, message, context);
    default:
      return endedOtherwise(invitation);
  }
}

async function renew(
  ended: Invitation,
  expiresAt: number,
  message: InvitationMessage,
  context: InvitationContext,
): Promise<Outcome> {
  if (expiresAt <= context.now) return expired(expiresAt);
  const { organizationId, invitee, inviterId, organizationRoles } = ended;
  const renewal = {
    organizationId,
    invitee: invitee.toLowerCase(),
    expiresAt,
    organizationRoleIds: organizationRoles.map(({ id }) => id),
    ...(inviterId === null ? {} : { inviterId }),
  };
  try {
    return done("renewed", await createAndMail(renewal, message, context));
  } catch (error) {
    if (error instanceof AlreadyMemberError) return done("already-a-member");
    if (error instanceof AlreadyExistsError) return changedMeanwhile;
    throw error;
  }
}

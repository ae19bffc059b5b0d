import type { Invitation, InvitationMessage, NewInvitation } from "../logto/invitations.ts";
import type { InvitationContext } from "./context.ts";
import { fillMessage, needsInvitationId } from "./message.ts";

/**
 * Creates an invitation and sends its e-mail: in one call, or in two where the link needs the id that
 * Logto gives.
 */
export async function createAndMail(
  invitation: Omit<NewInvitation, "message">,
  message: false | InvitationMessage,
  context: InvitationContext,
): Promise<Invitation> {
  const { logto, now } = context;
  if (message === false) return logto.invitations.create({ ...invitation, message });
  if (needsInvitationId(message)) {
    const created = await logto.invitations.create({ ...invitation, message: false });
    await mail(created, message, context);
    return created;
  }
  const { organizationId, invitee, expiresAt } = invitation;
  const filled = await fillMessage(message, { organizationId, invitee, expiresAt }, logto, now);
  return logto.invitations.create({ ...invitation, message: filled });
}

/** Sends the e-mail of an invitation that exists. */
export async function mail(
  { id, organizationId, invitee, expiresAt }: Invitation,
  message: InvitationMessage,
  { logto, now }: InvitationContext,
): Promise<void> {
  const subject = { organizationId, invitee, invitationId: id, expiresAt };
  await logto.invitations.resendMessage(id, await fillMessage(message, subject, logto, now));
}

/**
 * Finishes what an earlier delivery of the event began: where the e-mail is a step of its own,
 * nothing shows whether that step was taken, so it is taken again.
 */
export async function mailIfUnsure(
  own: Invitation,
  message: false | InvitationMessage,
  context: InvitationContext,
): Promise<void> {
  if (own.status !== "Pending" || message === false || !needsInvitationId(message)) return;
  await mail(own, message, context);
}

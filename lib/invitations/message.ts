import { fillLink, hasPlaceholder } from "../events/link-template.ts";
import type { LogtoClient } from "../logto/client.ts";
import type { InvitationMessage } from "../logto/invitations.ts";
import type { InvitationPolicy } from "./policy.ts";

/** What an event's e-mail says: its own variables before those of the deployment. */
export const messageOf = (
  own: false | InvitationMessage | undefined,
  policy: InvitationPolicy,
): false | InvitationMessage => {
  if (own === undefined) return policy.sendsEmail ? policy.variables : false;
  return own === false ? false : { ...policy.variables, ...own };
};

/** Whether the link needs the invitation's id, so that the e-mail can only follow the creation. */
export const needsInvitationId = (message: false | InvitationMessage): boolean =>
  message !== false && hasPlaceholder(message.link, "invitationId");

/** Whom and what a link is for. */
export type LinkSubject = {
  readonly organizationId: string;
  readonly invitee: string;
  readonly invitationId?: string;
  /** Epoch milliseconds; a one-time token lives as long. */
  readonly expiresAt: number;
};

/** The e-mail with its link filled in. A one-time token is one call to Logto. */
export async function fillMessage(
  message: InvitationMessage,
  { expiresAt, ...values }: LinkSubject,
  logto: LogtoClient,
  now: number,
): Promise<InvitationMessage> {
  const { link } = message;
  if (link === undefined) return message;
  if (!hasPlaceholder(link, "oneTimeToken")) return { ...message, link: fillLink(link, values) };
  const expiresIn = Math.max(1, Math.floor((expiresAt - now) / 1000));
  const { token } = await logto.oneTimeTokens.create({ email: values.invitee, expiresIn });
  return { ...message, link: fillLink(link, { ...values, oneTimeToken: token }) };
}

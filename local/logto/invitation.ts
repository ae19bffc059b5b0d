import * as v from "valibot";
import { entityNotFound } from "./answers.ts";
import { DatabaseFailure } from "./database.ts";
import type { Logto } from "./route.ts";
import type { StoredInvitation } from "./state.ts";

/** As the API shows it: `Expired` is worked out while reading. */
export type Invitation = Omit<StoredInvitation, "roleIds" | "status"> & {
  tenantId: "default";
  status: "Pending" | "Accepted" | "Expired" | "Revoked";
  organizationRoles: { id: string; name: string }[];
};

/** Unknown keys reach the e-mail template. */
export const messagePayloadSchema = v.looseObject({
  code: v.optional(v.string()),
  link: v.optional(v.string()),
  locale: v.optional(v.string()),
  uiLocales: v.optional(v.string()),
});

export type MessagePayload = v.InferOutput<typeof messagePayloadSchema>;

export function presentInvitation(
  stored: Readonly<StoredInvitation>,
  { state, now }: Logto,
): Invitation {
  if (stored.expiresAt > maxReadableTime) throw new DatabaseFailure("A time no reader can hold.");
  const { roleIds, ...fields } = stored;
  return {
    tenantId: "default",
    ...fields,
    status: statusNow(stored, now()),
    organizationRoles: [...roleIds]
      .flatMap((id) => state.roles.get(id) ?? [])
      .map(({ id, name }) => ({ id, name }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

export function statusNow(
  { status, expiresAt }: Readonly<StoredInvitation>,
  now: number,
): Invitation["status"] {
  return status === "Pending" && expiresAt < now ? "Expired" : status;
}

/** @throws {LogtoError} 404 `entity.not_found` */
export function findInvitation(id: string, { state }: Logto): Readonly<StoredInvitation> {
  const stored = state.invitations.get(id);
  if (!stored) throw entityNotFound();
  return stored;
}

/** Sends the e-mail of an invitation; the payload may override the context the template is given. */
export async function sendInvitationEmail(
  invitation: Pick<Invitation, "id" | "invitee" | "organizationId" | "inviterId">,
  payload: MessagePayload,
  request: Parameters<Logto["email"]["send"]>[1],
  { state, database, email }: Logto,
): Promise<void> {
  const context = await database.query(() => {
    const organization = state.organizations.get(invitation.organizationId);
    const inviter = state.users.get(invitation.inviterId ?? "");
    return {
      ...(organization && { organization: { id: organization.id, name: organization.name } }),
      ...(inviter && { inviter: { id: inviter.id, name: inviter.name } }),
    };
  });
  await email.send(
    {
      to: invitation.invitee,
      invitationId: invitation.id,
      organizationId: invitation.organizationId,
      ...(payload.link !== undefined && { link: payload.link }),
      ...(payload.locale !== undefined && { locale: payload.locale }),
      payload: { ...context, ...payload },
    },
    request,
  );
}

/** The last millisecond a JavaScript date can hold; the database goes further. */
const maxReadableTime = 8_640_000_000_000_000;

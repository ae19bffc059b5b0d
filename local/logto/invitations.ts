import * as v from "valibot";
import { type Answer, entityNotFound, guard, noContent, ok } from "./answers.ts";
import {
  findInvitation,
  messagePayloadSchema,
  presentInvitation,
  sendInvitationEmail,
} from "./invitation.ts";
import { createInvitation } from "./invitation-create.ts";
import { changeInvitationStatus } from "./invitation-status.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";

export const invitationRoutes: Route[] = [
  { operation: "GET /api/organization-invitations", handle: listInvitations },
  { operation: "POST /api/organization-invitations", handle: createInvitation },
  { operation: "GET /api/organization-invitations/{id}", handle: getInvitation },
  { operation: "DELETE /api/organization-invitations/{id}", handle: deleteInvitation },
  { operation: "POST /api/organization-invitations/{id}/message", handle: sendMessage },
  { operation: "PUT /api/organization-invitations/{id}/status", handle: changeInvitationStatus },
];

const filterSchema = v.object({
  organizationId: v.optional(v.string()),
  inviterId: v.optional(v.string()),
  invitee: v.optional(v.string()),
});

function listInvitations({ query }: ApiRequest, logto: Logto): Promise<Answer> {
  const given = Object.fromEntries(
    Object.keys(filterSchema.entries).map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
  const { organizationId, inviterId, invitee } = guard(filterSchema, given);
  const { state, database } = logto;

  return database.query(() => {
    // An empty filter filters nothing, as an absent one does.
    const candidates =
      organizationId && invitee
        ? state.invitationsOf(organizationId, invitee)
        : [...state.invitations.values()];
    const found = candidates.filter(
      (stored) =>
        (!organizationId || stored.organizationId === organizationId) &&
        (!inviterId || stored.inviterId === inviterId) &&
        (!invitee || stored.invitee.toLowerCase() === invitee.toLowerCase()),
    );
    const newestFirst = found.reverse().sort((one, other) => other.createdAt - one.createdAt);
    return ok(newestFirst.map((stored) => presentInvitation(stored, logto)));
  });
}

function getInvitation(request: ApiRequest, logto: Logto): Promise<Answer> {
  const id = param(request, "id");
  return logto.database.query(() => ok(presentInvitation(findInvitation(id, logto), logto)));
}

function deleteInvitation(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const id = param(request, "id");
  return database.query(() => {
    if (!state.removeInvitation(id)) throw entityNotFound();
    return noContent;
  });
}

/** Neither status nor expiry is looked at: ended invitations are mailed too. */
async function sendMessage(request: ApiRequest, logto: Logto): Promise<Answer> {
  const payload = guard(messagePayloadSchema, request.body ?? {});
  const id = param(request, "id");
  const invitation = await logto.database.query(() => findInvitation(id, logto));
  await sendInvitationEmail(invitation, payload, request, logto);
  return noContent;
}

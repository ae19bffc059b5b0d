import * as v from "valibot";
import { type Answer, entityNotFound, guard, invalidInput, LogtoError, ok } from "./answers.ts";
import { findInvitation, type Invitation, presentInvitation } from "./invitation.ts";
import { joinOrganization } from "./members.ts";
import { type ApiRequest, type Logto, param } from "./route.ts";

const statusSchema = v.object({
  status: v.picklist(["Accepted", "Revoked"]),
  acceptedUserId: v.nullish(v.pipe(v.string(), v.maxLength(128))),
});

/**
 * PUT /api/organization-invitations/{id}/status. Whether it may still change is looked at before
 * the transaction that changes it, so two changes at the same moment can both succeed.
 */
export async function changeInvitationStatus(request: ApiRequest, logto: Logto): Promise<Answer> {
  const { status, acceptedUserId } = guard(statusSchema, request.body ?? {});
  if (status === "Accepted" && !acceptedUserId) {
    throw invalidInput(422, "The `acceptedUserId` is required when accepting an invitation.");
  }
  const { state, database, now } = logto;
  const id = param(request, "id");
  const found = await database.query(() => presentInvitation(findInvitation(id, logto), logto));
  if (found.status !== "Pending") {
    throw invalidInput(422, "The status of the invitation cannot be changed anymore.");
  }

  return database.transaction(async () => {
    const userId = status === "Accepted" ? acceptedUserId : undefined;
    if (userId) refuseWrongUser(userId, found, logto);
    return () => {
      if (!state.invitations.has(id)) throw entityNotFound();
      if (userId) {
        const roleIds = found.organizationRoles.map((role) => role.id);
        joinOrganization(state, found.organizationId, userId, roleIds);
      }
      const change = { status, updatedAt: now(), ...(userId && { acceptedUserId: userId }) };
      state.changeInvitation(id, change);
      return ok({ ...found, ...change });
    };
  });
}

function refuseWrongUser(userId: string, invitation: Invitation, { state }: Logto): void {
  const user = state.users.get(userId);
  if (!user) throw entityNotFound();
  if (user.primaryEmail?.toLowerCase() !== invitation.invitee.toLowerCase()) {
    throw invalidInput(422, "The accepted user must have the same email as the invitee.");
  }
  const roles = invitation.organizationRoles.flatMap(({ id }) => state.roles.get(id) ?? []);
  if (roles.some((role) => role.type === "MachineToMachine")) {
    throw new LogtoError(422, "entity.db_constraint_violated");
  }
}

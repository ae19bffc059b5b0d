import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { EventFor } from "../events/queue-name.ts";
import { ReferenceNotFoundError } from "../logto/errors.ts";
import { acceptInvitation } from "./accept.ts";
import type { InvitationContext } from "./context.ts";
import { createInvitation } from "./create.ts";
import { deleteInvitation } from "./delete.ts";
import { resendInvitation } from "./resend.ts";
import { revokeInvitation } from "./revoke.ts";

/**
 * Carries out an invitation event.
 *
 * @throws LogtoError for what the queue decides about: outages, limits, references not found.
 */
export function carryOutInvitationEvent(
  event: EventFor<"invitations">,
  context: InvitationContext,
): Promise<Outcome> {
  switch (event.type) {
    case "onboarding.invitation.create":
      return createWithRoles(event, context);
    case "onboarding.invitation.resend":
      return resendInvitation(event, context);
    case "onboarding.invitation.accept":
      return acceptInvitation(event, context);
    case "onboarding.invitation.revoke":
      return revokeInvitation(event, context);
    case "onboarding.invitation.delete":
      return deleteInvitation(event, context);
  }
}

/**
 * A role's name in memory may stand for one that was made again since. A message that waited through
 * an outage has no next time for a reference that is not found, so it is looked for at once.
 */
async function createWithRoles(
  event: EventOf<"onboarding.invitation.create">,
  context: InvitationContext,
): Promise<Outcome> {
  try {
    return await createInvitation(event, context);
  } catch (error) {
    const isOfLogto = error instanceof ReferenceNotFoundError && error.status !== undefined;
    const named = event.data.organizationRoleIds ?? [];
    if (!isOfLogto || named.length === 0) throw error;
    const { roles, logto } = context;
    const known = await Promise.all(named.map((role) => roles.find(role, logto)));
    roles.forget();
    const found = await Promise.all(named.map((role) => roles.find(role, logto)));
    const areOthers = found.some((role, index) => role?.id !== known[index]?.id);
    if (!areOthers || found.includes(undefined)) throw error;
    return createInvitation(event, context);
  }
}

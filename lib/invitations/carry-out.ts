import type { Outcome } from "../events/outcome.ts";
import type { EventFor } from "../events/queue-name.ts";
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
      return createInvitation(event, context);
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

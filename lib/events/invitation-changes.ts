import * as v from "valibot";
import { invitee, logtoId, messagePayload } from "./fields.ts";

/**
 * Which invitation: that of an invitee into an organization, or one of several by its id. The
 * invitee is needed in either case, because events of one invitee are carried out in order.
 */
const which = () => ({
  organizationId: logtoId(),
  invitee: invitee(),
  invitationId: v.optional(logtoId()),
});

/**
 * `data` of `onboarding.invitation.resend`: send the e-mail again, with a link that works.
 *
 * `onlyIfPending` is for reminders: an invitation that is over by then is left alone, and nothing is
 * wrong with that.
 */
export const invitationResendData = v.strictObject({
  ...which(),
  onlyIfPending: v.optional(v.boolean()),
  message: v.optional(messagePayload()),
});

/** `data` of `onboarding.invitation.accept`: the user joins the organization. */
export const invitationAcceptData = v.strictObject({ ...which(), acceptedUserId: logtoId() });

/** `data` of `onboarding.invitation.revoke`: the invitation can no longer be accepted. */
export const invitationRevokeData = v.strictObject(which());

/** `data` of `onboarding.invitation.delete`: Logto forgets the invitation; a member stays one. */
export const invitationDeleteData = v.strictObject(which());

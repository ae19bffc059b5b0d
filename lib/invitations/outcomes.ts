import type { Done, DoneDetail, Reject, Retry } from "../events/outcome.ts";
import type { Invitation } from "../logto/invitations.ts";

/** Carried out, or nothing left to do. */
export const done = (detail: DoneDetail, invitation?: Pick<Invitation, "id">): Done => ({
  outcome: "done",
  detail,
  ...(invitation === undefined ? {} : { invitationId: invitation.id }),
});

/** The event came so late that what it asks for is over. */
export const expired = (expiresAt: number): Reject => ({
  outcome: "reject",
  reason: "expired",
  sentence: `The invitation expired at ${new Date(expiresAt).toISOString()}, before the event came: publish a new one.`,
});

export const notFound: Reject = {
  outcome: "reject",
  reason: "invitation-not-found",
  sentence: "Logto holds no invitation of this invitee into this organization: create one first.",
};

/** Somebody else acts on the same invitee: what is true will show next time. */
export const changedMeanwhile: Retry = {
  outcome: "retry",
  reason: "changed-meanwhile",
  sentence: "Another invitation of this invitee changed while this one was being created.",
};

/** The invitation is over, and in another way than was asked. */
export const endedOtherwise = ({ status }: Pick<Invitation, "status">): Reject => {
  switch (status) {
    case "Accepted":
      return {
        outcome: "reject",
        reason: "invitation-accepted",
        sentence: "The invitation was accepted: the invitee is a member, see the organization.",
      };
    case "Revoked":
      return {
        outcome: "reject",
        reason: "invitation-revoked",
        sentence: "The invitation was revoked: create a new one if the invitee is to join.",
      };
    case "Expired":
      return {
        outcome: "reject",
        reason: "invitation-expired",
        sentence: "The invitation has expired: resend it or create a new one.",
      };
    case "Pending":
      return {
        outcome: "reject",
        reason: "not-the-invitee",
        sentence: "Logto does not let that user accept it: the user's primary e-mail is another.",
      };
  }
};

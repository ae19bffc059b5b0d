import type { EventOf } from "../events/event.ts";
import type { DoneDetail, Outcome } from "../events/outcome.ts";
import { LONGEST_LIFETIME_MS } from "../logto/arguments.ts";
import { AlreadyExistsError, AlreadyMemberError } from "../logto/errors.ts";
import type { InvitationMessage } from "../logto/invitations.ts";
import type { InvitationContext } from "./context.ts";
import { askedAt, isPublishedLate, mayBeRepeat } from "./delivery.ts";
import { withFingerprint } from "./expiry.ts";
import { findInvitations, isPending, mayBeMeant, wasPendingAt } from "./find.ts";
import { messageOf } from "./message.ts";
import { changedMeanwhile, done, expired } from "./outcomes.ts";
import { revokePending } from "./revoke.ts";
import { userRoleIds } from "./roles.ts";
import { createAndMail, mail, mailIfUnsure } from "./write.ts";

type Create = EventOf<"onboarding.invitation.create">;

/** The event with all that was decided about it before Logto is asked to write. */
type Plan = {
  readonly event: Create;
  readonly expiresAt: number;
  readonly message: false | InvitationMessage;
};

/**
 * Carries out `onboarding.invitation.create`.
 *
 * The first delivery is one call. A repeat looks first whether the event was carried out: an
 * invitation in any status with the event's own expiry. So a late duplicate invites nobody who was
 * revoked since.
 *
 * @throws LogtoError for what the queue decides about: outages, limits, references not found.
 */
export async function createInvitation(
  event: Create,
  context: InvitationContext,
): Promise<Outcome> {
  const { delivery, policy, now } = context;
  const { data } = event;
  const lifetimeMs = (data.expiresIn ?? policy.expirySeconds) * 1000;
  const asked = askedAt(event, delivery);
  const expiresAt = withFingerprint(event, data.expiresAt ?? asked + lifetimeMs);
  if (expiresAt <= now) return expired(expiresAt);
  if (expiresAt > now + LONGEST_LIFETIME_MS) {
    return {
      outcome: "reject",
      reason: "invalid-data",
      sentence:
        "The invitation would expire more than a year ahead: publish one that ends earlier.",
    };
  }
  const plan = { event, expiresAt, message: messageOf(data.message, policy) };
  if (mayBeRepeat(event, delivery)) {
    const earlier = await lookBack(plan, asked, context);
    if (earlier !== undefined) return earlier;
  }
  const roles = await userRoleIds(data.organizationRoleIds ?? [], context);
  if ("outcome" in roles) return roles;
  return write(plan, roles.ids, "created", context, () => meetExisting(plan, roles.ids, context));
}

/** What an earlier delivery of the event left behind. */
async function lookBack(
  { event, expiresAt, message }: Plan,
  asked: number,
  context: InvitationContext,
): Promise<Outcome | undefined> {
  const invitations = await findInvitations(event.data, context.logto);
  const own = invitations.find((invitation) => invitation.expiresAt === expiresAt);
  if (own !== undefined) {
    await mailIfUnsure(own, message, context);
    return done("already-carried-out", own);
  }
  // Where the event kept another invitation it left no trace, and that one may have ended since.
  if (!isPublishedLate(event, context.delivery)) return undefined;
  if (ifPending(event, context) === "replace") return undefined;
  // A redriven event was never carried out, but somebody revoked since is not to be invited again.
  const isRedriven = context.delivery.deadLetteredAt !== undefined;
  const kept = invitations
    .filter(wasPendingAt(asked))
    .find(({ status }) => !isRedriven || status === "Revoked");
  return kept && done("was-already-pending", kept);
}

/** The call itself. `onExisting` says what to do about a pending invitation in the way. */
async function write(
  { event, expiresAt, message }: Plan,
  roleIds: readonly string[],
  detail: DoneDetail,
  context: InvitationContext,
  onExisting: () => Promise<Outcome> | Outcome,
): Promise<Outcome> {
  const { organizationId, invitee, inviterId } = event.data;
  const invitation = {
    organizationId,
    invitee,
    expiresAt,
    ...(roleIds.length === 0 ? {} : { organizationRoleIds: roleIds }),
    ...(inviterId === undefined ? {} : { inviterId }),
  };
  try {
    return done(detail, await createAndMail(invitation, message, context));
  } catch (error) {
    if (error instanceof AlreadyMemberError) return done("already-a-member");
    if (error instanceof AlreadyExistsError) return onExisting();
    throw error;
  }
}

/** A pending invitation is in the way: the event's own (its answer was lost), or another's. */
async function meetExisting(
  plan: Plan,
  roleIds: readonly string[],
  context: InvitationContext,
): Promise<Outcome> {
  const { event, expiresAt, message } = plan;
  const invitations = await findInvitations(event.data, context.logto);
  const own = invitations.find((invitation) => invitation.expiresAt === expiresAt);
  if (own !== undefined) {
    await mailIfUnsure(own, message, context);
    return done("already-carried-out", own);
  }
  const [pending, ...others] = invitations.filter(isPending);
  if (pending === undefined) return changedMeanwhile;
  if (!mayBeMeant(context.delivery)(pending)) return done("already-pending", pending);
  switch (ifPending(event, context)) {
    case "keep":
      return done("already-pending", pending);
    case "resend":
      if (message === false) return done("already-pending", pending);
      await mail(pending, message, context);
      return done("resent", pending);
    case "replace":
      await revokePending([pending, ...others], context.logto);
      return write(plan, roleIds, "replaced", context, () => changedMeanwhile);
  }
}

const ifPending = ({ data }: Create, { policy }: InvitationContext) =>
  data.ifPending ?? policy.ifPending;

import type { Delivery } from "../events/delivery.ts";
import type { EventOf } from "../events/event.ts";
import type { Done, Outcome } from "../events/outcome.ts";
import type { LogtoClient } from "../logto/client.ts";
import { AlreadyExistsError, AlreadyMemberError } from "../logto/errors.ts";
import type { Invitation, InvitationMessage } from "../logto/invitations.ts";
import { askedAt, expiresAt } from "./expiry.ts";

type Create = EventOf<"onboarding.invitation.create">;

export type CreateSettings = {
  /** Lifetime of an invitation whose event names none. */
  readonly defaultExpirySeconds: number;
  /** What the e-mail says where the event does not. */
  readonly defaultMessage: false | InvitationMessage;
};

const YEAR_MS = 366 * 86_400_000;

/** How long SQS itself drops a repeat of a message. */
const DEDUPLICATION_WINDOW_MS = 300_000;

/**
 * Carries out `onboarding.invitation.create`.
 *
 * The first delivery is one call. A repeat looks first whether the event was carried out: an
 * invitation in any status with the event's own expiry. So a late duplicate invites nobody who was
 * revoked since.
 *
 * @param now epoch milliseconds.
 * @throws LogtoError for what the queue decides about: outages, limits, references not found.
 */
export async function createInvitation(
  event: Create,
  delivery: Delivery,
  logto: LogtoClient,
  settings: CreateSettings,
  now: number,
): Promise<Outcome> {
  const { organizationId, invitee, organizationRoleIds, inviterId } = event.data;
  const expiry = expiresAt(event, delivery, settings.defaultExpirySeconds);
  if (expiry <= now) {
    return {
      outcome: "reject",
      reason: "expired",
      sentence: `The invitation would have expired at ${new Date(expiry).toISOString()}, before it could be sent: publish a new event.`,
    };
  }
  if (expiry > now + YEAR_MS) {
    return {
      outcome: "reject",
      reason: "invalid-data",
      sentence:
        "The invitation would expire more than a year ahead: publish one that ends earlier.",
    };
  }
  const existing = () => Array.fromAsync(logto.invitations.list({ organizationId, invitee }));
  if (mayBeRepeat(event, delivery)) {
    const done = carriedOut(await existing(), expiry);
    if (done !== undefined) return done;
  }
  try {
    const created = await logto.invitations.create({
      organizationId,
      invitee,
      expiresAt: expiry,
      ...(organizationRoleIds === undefined ? {} : { organizationRoleIds }),
      ...(inviterId === undefined ? {} : { inviterId }),
      message: event.data.message ?? settings.defaultMessage,
    });
    return { outcome: "done", detail: "created", invitationId: created.id };
  } catch (error) {
    if (error instanceof AlreadyMemberError) return { outcome: "done", detail: "already-a-member" };
    if (!(error instanceof AlreadyExistsError)) throw error;
    const invitations = await existing();
    return carriedOut(invitations, expiry) ?? keptPending(invitations);
  }
}

/** Done when one of the invitations is the event's own, in whatever status it is now. */
function carriedOut(invitations: readonly Invitation[], expiry: number): Done | undefined {
  const own = invitations.find((invitation) => invitation.expiresAt === expiry);
  return own && { outcome: "done", detail: "already-carried-out", invitationId: own.id };
}

function keptPending(invitations: readonly Invitation[]): Outcome {
  const pending = invitations.find(({ status }) => status === "Pending");
  if (pending !== undefined) {
    return { outcome: "done", detail: "already-pending", invitationId: pending.id };
  }
  return {
    outcome: "retry",
    reason: "changed-meanwhile",
    sentence: "Another invitation of this invitee ended while this one was being created.",
  };
}

/** Whether the event may have been carried out before. Cheap to say yes: it costs one look. */
const mayBeRepeat = (event: Create, delivery: Delivery): boolean =>
  delivery.receiveCount > 1 ||
  delivery.deadLetteredAt !== undefined ||
  delivery.sentAt - askedAt(event, delivery) > DEDUPLICATION_WINDOW_MS;

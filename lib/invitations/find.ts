import type { Delivery } from "../events/delivery.ts";
import type { LogtoClient } from "../logto/client.ts";
import { NotFoundError } from "../logto/errors.ts";
import type { Invitation } from "../logto/invitations.ts";

/** How an event names its invitation. */
export type Named = {
  readonly organizationId: string;
  readonly invitee: string;
  readonly invitationId?: string | undefined;
};

/**
 * The invitations that an event speaks of, newest first, in any status: with an id that one, else all
 * of the invitee into the organization. One call.
 *
 * An id whose invitation is another invitee's finds nothing: its events have an order of their own.
 */
export async function findInvitations(
  { organizationId, invitee, invitationId }: Named,
  logto: LogtoClient,
): Promise<readonly Invitation[]> {
  if (invitationId === undefined) {
    const found = await Array.fromAsync(logto.invitations.list({ organizationId, invitee }));
    return found.toSorted((a, b) => b.createdAt - a.createdAt);
  }
  const found = await readInvitation(invitationId, logto);
  const isNamed =
    found?.organizationId === organizationId && found.invitee.toLowerCase() === invitee;
  return isNamed ? [found] : [];
}

/** One invitation, or `undefined` when Logto has forgotten it. */
export async function readInvitation(
  id: string,
  logto: LogtoClient,
): Promise<Invitation | undefined> {
  try {
    return await logto.invitations.get(id);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

export const isPending = ({ status }: Invitation): boolean => status === "Pending";

/** How long after it was asked for a change may be carried out and still count as of that time. */
const LAG_MS = 300_000;

/**
 * Whether an invitation that is over was pending when something else was asked for.
 *
 * @param asked epoch milliseconds.
 */
export const wasPendingAt =
  (asked: number) =>
  ({ status, createdAt, updatedAt, expiresAt }: Invitation): boolean =>
    status !== "Pending" &&
    createdAt <= asked + LAG_MS &&
    asked < (status === "Expired" ? expiresAt : updatedAt);

/**
 * Whether the event may touch the invitation. A redriven event leaves alone what was created after
 * it was dead-lettered: it cannot have been meant.
 */
export const mayBeMeant =
  ({ deadLetteredAt = Number.POSITIVE_INFINITY }: Delivery) =>
  ({ createdAt }: Invitation): boolean =>
    createdAt <= deadLetteredAt;

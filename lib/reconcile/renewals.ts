import type { MessageOrProblem } from "../events/message.ts";
import type { Invitation } from "../logto/invitations.ts";
import { reconcileEvent } from "./events.ts";
import { createPairKey } from "./pair-key.ts";
import type { Renewal } from "./policy.ts";

/** An expired invitation that may be renewed, with how many invitations of its pair have ended. */
type Candidate = Pick<Invitation, "id" | "organizationId" | "invitee" | "inviterId"> & {
  readonly organizationRoleIds: readonly string[];
  ended: number;
};

/** Finds the invitations to renew among all of them. */
export type RenewalSearch = {
  /**
   * Takes the next invitation; they come newest first.
   *
   * @returns whether its invitee may still be renewed: then the ended ones count and have to stay.
   */
  readonly take: (invitation: Invitation) => boolean;
  /** When all were taken: those to renew, oldest first. */
  readonly found: () => readonly Candidate[];
};

/**
 * An invitation is renewed when it expired a short time ago, is the newest of its invitee into its
 * organization, no older one is alive, and it was not renewed too often before. Every ended invitation
 * of the two but the first counts as a renewal.
 *
 * Of an invitation that is none it keeps 53 bits, by which it knows that a newer one is there.
 *
 * @param at as of when, epoch milliseconds.
 */
export function createRenewalSearch({ withinMs, atMost }: Renewal, at: number): RenewalSearch {
  const pairOf = createPairKey();
  /** Pairs whose newest invitation may be renewed or is alive. */
  const open = new Set<number>();
  /** Pairs of which an ended one was seen; a newer one may be open. */
  const ended = createLateSet();
  const candidates = new Map<number, Candidate>();

  return {
    take: (invitation) => {
      const { status, expiresAt } = invitation;
      const pair = pairOf(invitation);
      const isAlive = status === "Pending" || (status === "Expired" && expiresAt > at);
      if (open.has(pair)) {
        const candidate = candidates.get(pair);
        if (candidate !== undefined && status !== "Pending") candidate.ended += 1;
        const isTooOften = candidate !== undefined && candidate.ended > atMost;
        // Logto takes an address in another letter case for another invitee.
        if (isAlive || isTooOften) candidates.delete(pair);
        return true;
      }
      const hasExpired = status === "Expired" && expiresAt <= at && at - expiresAt < withinMs;
      // The newest one of a pair decides.
      if (!(hasExpired || isAlive) || ended.has(pair)) {
        ended.add(pair);
        return false;
      }
      open.add(pair);
      if (hasExpired) candidates.set(pair, candidateOf(invitation));
      return true;
    },
    found: () => [...candidates.values()].reverse(),
  };
}

/** A set for far more additions than questions: what was added since the last question is in a list. */
function createLateSet() {
  const set = new Set<number>();
  let added: number[] = [];
  return {
    add: (value: number): void => {
      added.push(value);
    },
    has: (value: number): boolean => {
      for (const one of added) set.add(one);
      added = [];
      return set.has(value);
    },
  };
}

/** The event that renews it: the same again, unless another one is pending by then. */
export const renewalEvent = (
  { id, organizationId, invitee, inviterId, organizationRoleIds }: Candidate,
  at: number,
): MessageOrProblem =>
  reconcileEvent(
    `renew:${id}`,
    "onboarding.invitation.create",
    {
      organizationId,
      invitee,
      ...(organizationRoleIds.length === 0 ? {} : { organizationRoleIds }),
      ...(inviterId === null ? {} : { inviterId }),
      ifPending: "keep",
    },
    at,
  );

const candidateOf = (invitation: Invitation): Candidate => ({
  id: invitation.id,
  organizationId: invitation.organizationId,
  invitee: invitation.invitee,
  inviterId: invitation.inviterId,
  organizationRoleIds: invitation.organizationRoles.map(({ id }) => id),
  ended: 1,
});

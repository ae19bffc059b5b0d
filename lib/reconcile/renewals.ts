import { hash } from "node:crypto";
import type { MessageOrProblem } from "../events/message.ts";
import type { Invitation } from "../logto/invitations.ts";
import { reconcileEvent } from "./events.ts";
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
 * organization, and was not renewed too often before. Every ended invitation of the two but the first
 * counts as a renewal.
 *
 * Of an invitation that is none it keeps 52 bits, by which it knows that a newer one is there.
 *
 * @param at as of when, epoch milliseconds.
 */
export function createRenewalSearch({ withinMs, atMost }: Renewal, at: number): RenewalSearch {
  /** Whether a pair may be renewed, by its newest invitation. */
  const pairs = new Map<number, boolean>();
  const candidates = new Map<number, Candidate>();

  return {
    take: (invitation) => {
      const { status, expiresAt } = invitation;
      const pair = pairOf(invitation);
      const known = pairs.get(pair);
      if (known !== undefined) {
        const candidate = candidates.get(pair);
        if (candidate !== undefined && status !== "Pending") candidate.ended += 1;
        if (candidate !== undefined && candidate.ended > atMost) candidates.delete(pair);
        return known;
      }
      const hasExpired = status === "Expired" && expiresAt <= at && at - expiresAt < withinMs;
      const isAlive = status === "Pending" || (status === "Expired" && expiresAt > at);
      if (hasExpired) candidates.set(pair, candidateOf(invitation));
      pairs.set(pair, hasExpired || isAlive);
      return hasExpired || isAlive;
    },
    found: () => [...candidates.values()].reverse(),
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

/** Organization and invitee in any letter case, as a number that takes little room. */
function pairOf({ organizationId, invitee }: Invitation): number {
  const hex = hash("sha256", `${organizationId}\n${invitee.toLowerCase()}`);
  return Number.parseInt(hex.slice(0, 13), 16);
}

import { randomInt } from "node:crypto";
import type { Invitation } from "../logto/invitations.ts";

/** Gives an invitation's pair of organization and invitee, in any letter case, as a number. */
export type PairKey = (invitation: Pick<Invitation, "organizationId" | "invitee">) => number;

/**
 * Keys for the pairs of one list: 53 bits, which take little room and little time. With SHA-256 they
 * took two fifths of the time of all that is decided about a list.
 *
 * Among 100,000 pairs two have the same key once in two million lists. Each list has other keys, so
 * that nobody can look for such addresses beforehand.
 *
 * Source: cyrb53, two multiplicative hashes of 32 bits side by side.
 */
export function createPairKey(): PairKey {
  const seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const;
  return ({ organizationId, invitee }) => {
    let [a, b] = seeds;
    const mix = (text: string): void => {
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        a = Math.imul(a ^ unit, 0x9e3779b1);
        b = Math.imul(b ^ unit, 0x5f356495);
      }
    };
    mix(organizationId);
    mix("\n");
    mix(invitee.toLowerCase());
    const low = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
    const high = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
  };
}

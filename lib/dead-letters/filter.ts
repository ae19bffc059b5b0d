import { invitationGroupId } from "../events/message-group.ts";
import type { DeadLetter } from "./dead-letter.ts";

/** Which dead letters; what is left out does not matter. */
export type DeadLetterFilter = {
  readonly reason?: string | undefined;
  /** Event type. */
  readonly type?: string | undefined;
  readonly organizationId?: string | undefined;
  /** The invitee's address, in any letter case. */
  readonly invitee?: string | undefined;
  readonly eventId?: string | undefined;
  /** Given up at least this long ago, in seconds. */
  readonly olderThanSeconds?: number | undefined;
  /** Given up at most this long ago, in seconds. */
  readonly newerThanSeconds?: number | undefined;
};

export function matches(letter: DeadLetter, filter: DeadLetterFilter, now: number): boolean {
  const ageSeconds = (now - letter.failedAt) / 1000;
  const { olderThanSeconds = 0, newerThanSeconds = Number.POSITIVE_INFINITY } = filter;
  return (
    is(filter.reason, letter.reason) &&
    is(filter.type, letter.event.type) &&
    isAbout(filter, letter) &&
    is(filter.eventId, letter.event.id) &&
    ageSeconds >= olderThanSeconds &&
    ageSeconds <= newerThanSeconds
  );
}

/** The message group tells organization and invitee as well, of a body that cannot be read, too. */
function isAbout({ organizationId, invitee }: DeadLetterFilter, letter: DeadLetter): boolean {
  const { event, group } = letter;
  const isSaid =
    is(organizationId, event.organizationId) &&
    is(invitee && normal(invitee), event.invitee && normal(event.invitee));
  if (isSaid || organizationId === undefined || invitee === undefined) return isSaid;
  return group === invitationGroupId(organizationId, invitee);
}

const normal = (address: string): string => address.trim().toLowerCase();

const is = (wanted: string | undefined, found: string | undefined): boolean =>
  wanted === undefined || wanted === found;

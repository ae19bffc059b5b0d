import type { DeadLetter } from "./dead-letter.ts";

/** Which dead letters; what is left out does not matter. */
export type DeadLetterFilter = {
  readonly reason?: string | undefined;
  /** Event type. */
  readonly type?: string | undefined;
  readonly organizationId?: string | undefined;
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
    is(filter.organizationId, letter.event.organizationId) &&
    is(filter.eventId, letter.event.id) &&
    ageSeconds >= olderThanSeconds &&
    ageSeconds <= newerThanSeconds
  );
}

const is = (wanted: string | undefined, found: string | undefined): boolean =>
  wanted === undefined || wanted === found;

import { CRASHED, type DeadLetter } from "./dead-letter.ts";
import type { DeadLetterFilter } from "./filter.ts";

/**
 * Reasons that lie in the message itself: sent again as it is, it would come back. A newer version of
 * the functions may know better, so who means them can name them.
 */
export const HOPELESS_REASONS: readonly string[] = [
  "not-json",
  "not-a-cloudevent",
  "unknown-type",
  "invalid-data",
  "wrong-queue",
  "expired",
];

/** Every reason that a function of this version gives, and SQS itself. docs/dead-letters.md explains each. */
export const DEAD_LETTER_REASONS: readonly string[] = [
  ...HOPELESS_REASONS,
  "reference-not-found",
  "machine-to-machine-role",
  "invitation-not-found",
  "invitation-accepted",
  "invitation-revoked",
  "invitation-expired",
  "not-the-invitee",
  "changed-meanwhile",
  "already-exists",
  "already-a-member",
  "ended",
  "not-found",
  "unavailable",
  "rate-limited",
  "email-provider-failed",
  "recipient-rate-limited",
  "unauthorized",
  "not-configured",
  "secret-unavailable",
  "invalid",
  "unexpected-error",
  CRASHED,
];

/** Whether sending a letter again is of no use; not so where it was named by its reason or event id. */
export const isHopeless = ({ reason }: DeadLetter, filter: DeadLetterFilter): boolean =>
  filter.reason === undefined && filter.eventId === undefined && HOPELESS_REASONS.includes(reason);

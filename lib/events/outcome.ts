/**
 * How a message ended: `done` (carried out, or nothing left to do), `retry` (later) or `reject`
 * (never; it goes to the dead letters).
 *
 * A `sentence` tells a person what happened. Like a `reason` it may stand in logs and queue
 * attributes, so it holds no address, link, token or secret.
 */
export type Outcome = Done | Retry | Reject;

export type Done = {
  readonly outcome: "done";
  readonly detail: DoneDetail;
  readonly invitationId?: string;
  readonly organizationRoleId?: string;
  /** How many resource scopes the role got, and lost. */
  readonly assigned?: number;
  readonly removed?: number;
};

/** What was done, or why there was nothing left to do. */
export type DoneDetail =
  | "created"
  | "resent"
  | "renewed"
  | "replaced"
  | "accepted"
  | "revoked"
  | "deleted"
  | "already-carried-out"
  | "already-pending"
  | "was-already-pending"
  | "already-a-member"
  | "already-accepted"
  | "already-ended"
  | "already-gone"
  | "no-longer-pending"
  | "assigned"
  | "removed"
  | "not-assigned"
  | "in-sync"
  | "synced";

export type Retry = {
  readonly outcome: "retry";
  readonly reason: string;
  readonly sentence: string;
  /** When to try again at the earliest, where the answer said so. Seconds. */
  readonly retryAfterSeconds?: number;
  readonly logtoRequestId?: string;
};

export type Reject = {
  readonly outcome: "reject";
  readonly reason: string;
  readonly sentence: string;
  readonly logtoRequestId?: string;
};

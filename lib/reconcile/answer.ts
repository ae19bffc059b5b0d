import type { InvitationsReport } from "./invitations.ts";
import type { RoleScopesReport } from "./role-scopes.ts";

/** What a run did. It holds no address. */
export type ReconcileAnswer = Found & {
  readonly dryRun: boolean;
  /** RFC 3339; absent by hand. */
  readonly scheduledTime?: string;
  /** Whether nothing failed, and nothing is left to the next run. */
  readonly complete: boolean;
  /**
   * How many events were published, in a dry run would have been, by type. SQS drops those that
   * another run published within the last five minutes, and does not say so.
   */
  readonly published: Readonly<Record<string, number>>;
  /** Their ids, the first hundred. */
  readonly eventIds: readonly string[];
  /** What was not done, and why: a sentence each. */
  readonly notes: readonly string[];
};

/** What a run found. */
export type Found = {
  /** Absent where no role is managed, or invitations only were asked for. */
  readonly roleScopes?: RoleScopesReport;
  /** Absent where nothing is to be done about invitations, or roles only were asked for. */
  readonly invitations?: InvitationsReport;
  /** How many events are not in their queue. */
  readonly unsent?: number;
  /** Why. */
  readonly failed?: string;
};

export function isComplete({ roleScopes, invitations, unsent = 0, failed }: Found): boolean {
  const { renewals, deletions, outOfTime = false } = invitations ?? {};
  const left = (renewals?.left ?? 0) + (deletions?.left ?? 0) + unsent;
  const failures = [failed, roleScopes?.failed, invitations?.failed];
  return left === 0 && !outOfTime && failures.every((failure) => failure === undefined);
}

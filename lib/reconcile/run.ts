import type { EventMessage } from "../events/message.ts";
import type { LogtoClient } from "../logto/client.ts";
import type { Declaration } from "../role-scopes/declaration.ts";
import { isComplete, type ReconcileAnswer } from "./answer.ts";
import { createDecisions } from "./decisions.ts";
import { runInvitations } from "./invitations.ts";
import { notesOf } from "./notes.ts";
import type { ReconcileOptions } from "./options.ts";
import type { ReconcilePolicy } from "./policy.ts";
import { type PublishParts, publish } from "./publish.ts";
import { createPublished } from "./published.ts";
import { runRoleScopes } from "./role-scopes.ts";
import { reminderWindow } from "./window.ts";

/** What a run works with. */
export type ReconcileParts = PublishParts & {
  readonly logto: LogtoClient;
  readonly policy: ReconcilePolicy;
  /** What is declared; `undefined` where no role is managed. */
  readonly declaration: Declaration | undefined;
  /** Told of every ten thousandth invitation. */
  readonly onProgress: (read: number) => void;
};

/**
 * Compares what is declared and what the policy asks for with what Logto holds, and publishes events
 * for the difference. It changes nothing itself: whoever runs it twice publishes twice, and SQS or the
 * handlers see that the work is done once.
 *
 * @returns what was found and published, also where a part of it failed.
 * @throws InvalidOptionsError for times that make no window.
 */
export async function reconcile(
  options: ReconcileOptions,
  parts: ReconcileParts,
): Promise<ReconcileAnswer> {
  const { policy, declaration, now, endBy } = parts;
  const { dryRun, only, scheduledAt } = options;
  const at = scheduledAt ?? now();
  const window = reminderWindow(options, policy.everyMs, now());
  const logto = parts.logto.on({ deadlineAt: endBy });
  const decisions = createDecisions(policy, window, at, now);

  const roleScopes =
    only === "invitations" || declaration === undefined
      ? undefined
      : runRoleScopes(declaration, logto, options.allowRemovals ?? policy.allowRemovals, at);
  const invitations =
    only === "role-scopes" || decisions.areNone
      ? undefined
      : runInvitations({ ...parts, logto, decisions });
  async function* events(): AsyncGenerator<EventMessage, void, undefined> {
    if (roleScopes !== undefined) yield* roleScopes.events();
    if (invitations !== undefined) yield* invitations.events();
  }

  const published = createPublished(decisions.published);
  const failed = await publish(events(), published, dryRun, parts);
  const found = {
    ...(roleScopes === undefined ? {} : { roleScopes: roleScopes.report() }),
    ...(invitations === undefined ? {} : { invitations: invitations.report() }),
    ...(published.unsent() === 0 ? {} : { unsent: published.unsent() }),
    ...(failed === undefined ? {} : { failed }),
  };
  return {
    dryRun,
    ...(scheduledAt === undefined ? {} : { scheduledTime: new Date(scheduledAt).toISOString() }),
    complete: isComplete(found),
    published: published.counts,
    eventIds: published.eventIds,
    ...found,
    notes: notesOf(options, policy, found),
  };
}

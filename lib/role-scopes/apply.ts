import type { LogtoClient } from "../logto/client.ts";
import { shownName } from "./names.ts";
import type { Observed } from "./observe.ts";
import { hasDrifted, type Plan, type RolePlan } from "./plan.ts";
import { writeDifference } from "./write-difference.ts";

export type ApplyOptions = {
  /** Ends the work before the next role. A role that was begun is finished. */
  readonly signal?: AbortSignal;
  /** Told after each role. */
  readonly onProgress?: (progress: Applied) => void;
};

/** How many roles were changed, of those that the plan changes. */
export type Applied = { readonly changed: number; readonly of: number };

/** A role could not be changed. Those before it are, those after it are not. */
export class ApplyError extends Error {
  override readonly name = "ApplyError";
}

/**
 * Carries out a plan: one call for each role that has drifted, none for the others.
 *
 * Unresolved names and refused removals are the caller's to look at: this carries out what can be.
 *
 * @param observed what the plan was made from.
 * @returns less than all only when the signal ended it.
 * @throws ApplyError naming the role, with the LogtoError as its cause.
 */
export async function applyPlan(
  plan: Plan,
  observed: Observed,
  logto: LogtoClient,
  { signal, onProgress }: ApplyOptions = {},
): Promise<Applied> {
  const drifted = plan.roles.filter(hasDrifted);
  const of = drifted.length;
  let changed = 0;
  for (const role of drifted) {
    if (signal?.aborted) break;
    try {
      await applyRole(role, observed, logto);
    } catch (error) {
      throw new ApplyError(
        `Changing the role ${shownName(role.role)} failed after ${changed} of ${of} roles: ` +
          `${error instanceof Error ? error.message : error}. ` +
          "Repeating it does the rest: what is done is left as it is.",
        { cause: error },
      );
    }
    changed += 1;
    onProgress?.({ changed, of });
  }
  return { changed, of };
}

async function applyRole(
  { roleId, assign, remove }: RolePlan,
  observed: Observed,
  logto: LogtoClient,
): Promise<void> {
  const held = observed.roles.find(({ id }) => id === roleId);
  // To take it for one that holds nothing would take everything from it.
  if (held === undefined) throw new Error("it is not among the roles that were read");
  const change = { assign: assign.map(({ id }) => id), remove: remove.map(({ id }) => id) };
  await writeDifference(roleId, held.resourceScopes, change, logto);
}

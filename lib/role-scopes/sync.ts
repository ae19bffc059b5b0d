import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { RoleScopesContext } from "./context.ts";
import { difference } from "./difference.ts";
import { heldScopes } from "./held.ts";
import { isByName, learnNames, resourceIds, roleId, scopeIds } from "./resolve.ts";
import { writeDifference } from "./write-difference.ts";

type Sync = EventOf<"onboarding.role-scopes.sync">;

/**
 * Carries out `onboarding.role-scopes.sync`: the role is read, and only the difference is written. One
 * call when there is none, else two.
 *
 * @throws ReferenceNotFoundError for a role, scope or resource that Logto does not know (yet).
 */
export async function syncScopes({ data }: Sync, context: RoleScopesContext): Promise<Outcome> {
  const { role, scopes, prune } = data;
  const id = await roleId(role, context);
  const held = (await heldScopes(id, role, context)).map((scope) => ({
    id: scope.id,
    resource: { id: scope.resourceId },
  }));
  if (scopes.some(isByName) || Array.isArray(prune)) await learnNames(held, context);
  const wanted = await scopeIds(scopes, context);
  const pruned = Array.isArray(prune) ? await resourceIds(prune, context) : undefined;
  const prunes = (resourceId: string) => pruned?.has(resourceId) ?? prune === true;
  const { assign, remove } = difference(wanted, held, prunes);
  await writeDifference(id, held, { assign, remove }, context.logto);
  return {
    outcome: "done",
    detail: assign.length + remove.length === 0 ? "in-sync" : "synced",
    organizationRoleId: id,
    assigned: assign.length,
    removed: remove.length,
  };
}

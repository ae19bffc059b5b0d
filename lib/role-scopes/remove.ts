import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { LogtoClient } from "../logto/client.ts";
import { NotFoundError } from "../logto/errors.ts";
import type { RoleScopesContext } from "./context.ts";
import { heldScopes } from "./held.ts";
import { isByName, learnNames, roleId, scopeIds } from "./resolve.ts";

type Remove = EventOf<"onboarding.role-scopes.remove">;

/**
 * Carries out `onboarding.role-scopes.remove`: the role no longer holds these scopes. One scope is one
 * call; for several the role is read first, and what it holds of them goes with one more call.
 *
 * @throws ReferenceNotFoundError for a role, or a scope's name, that Logto does not know (yet).
 */
export async function removeScopes({ data }: Remove, context: RoleScopesContext): Promise<Outcome> {
  const { logto } = context;
  const id = await roleId(data.role, context);
  const [only, second] = await scopeIds(data.scopes, context);
  if (only !== undefined && second === undefined && (await removeOne(id, only, logto))) {
    return outcome(id, 1);
  }
  const held = await heldScopes(id, data.role, context);
  if (data.scopes.some(isByName)) await learnNames(held, context);
  const unwanted = await scopeIds(data.scopes, context);
  const kept = held.map((scope) => scope.id).filter((scope) => !unwanted.has(scope));
  if (kept.length < held.length) await logto.organizationRoles.replaceResourceScopes(id, kept);
  return outcome(id, held.length - kept.length);
}

/** `false` when the role does not hold it, or is gone: Logto answers alike. */
async function removeOne(id: string, scopeId: string, logto: LogtoClient): Promise<boolean> {
  try {
    await logto.organizationRoles.removeResourceScope(id, scopeId);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

const outcome = (organizationRoleId: string, removed: number): Outcome => ({
  outcome: "done",
  detail: removed === 0 ? "not-assigned" : "removed",
  organizationRoleId,
  removed,
});

import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { LogtoClient } from "../logto/client.ts";
import { NotFoundError } from "../logto/errors.ts";
import type { RoleScopesContext } from "./context.ts";
import { heldScopes } from "./held.ts";
import { roleId, scopeIds } from "./resolve.ts";

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
  const unwanted = await scopeIds(data.scopes, context);
  const [only, second] = unwanted;
  if (only !== undefined && second === undefined) {
    return outcome(id, await removeOne(id, only, data.role, logto));
  }
  const held = (await heldScopes(id, data.role, logto)).map((scope) => scope.id);
  const kept = held.filter((scope) => !unwanted.has(scope));
  if (kept.length < held.length) await logto.organizationRoles.replaceResourceScopes(id, kept);
  return outcome(id, held.length - kept.length);
}

/** Logto answers alike for a scope that the role does not hold and for a role that is gone. */
async function removeOne(
  id: string,
  scopeId: string,
  reference: string,
  logto: LogtoClient,
): Promise<number> {
  try {
    await logto.organizationRoles.removeResourceScope(id, scopeId);
    return 1;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    await heldScopes(id, reference, logto);
    return 0;
  }
}

const outcome = (organizationRoleId: string, removed: number): Outcome => ({
  outcome: "done",
  detail: removed === 0 ? "not-assigned" : "removed",
  organizationRoleId,
  removed,
});

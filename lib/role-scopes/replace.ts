import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { RoleScopesContext } from "./context.ts";
import { heldScopes } from "./held.ts";
import { roleId, scopeIds } from "./resolve.ts";

type Replace = EventOf<"onboarding.role-scopes.replace">;

/**
 * Carries out `onboarding.role-scopes.replace`: the role holds these scopes and no others. One call,
 * and a look first for an empty list: Logto would say yes to that for a role it does not know.
 *
 * @throws ReferenceNotFoundError for a role or scope that Logto does not know (yet).
 */
export async function replaceScopes(
  { data }: Replace,
  context: RoleScopesContext,
): Promise<Outcome> {
  const id = await roleId(data.role, context);
  const scopes = await scopeIds(data.scopes, context);
  if (scopes.size === 0 && (await heldScopes(id, data.role, context)).length === 0) {
    return { outcome: "done", detail: "in-sync", organizationRoleId: id };
  }
  await context.logto.organizationRoles.replaceResourceScopes(id, [...scopes]);
  return { outcome: "done", detail: "replaced", organizationRoleId: id };
}

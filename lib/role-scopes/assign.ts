import type { EventOf } from "../events/event.ts";
import type { Outcome } from "../events/outcome.ts";
import type { RoleScopesContext } from "./context.ts";
import { roleId, scopeIds } from "./resolve.ts";

type Assign = EventOf<"onboarding.role-scopes.assign">;

/**
 * Carries out `onboarding.role-scopes.assign`: the role holds these scopes as well. One call; what it
 * holds already is left as it is.
 *
 * @throws ReferenceNotFoundError for a role or scope that Logto does not know (yet).
 */
export async function assignScopes({ data }: Assign, context: RoleScopesContext): Promise<Outcome> {
  const id = await roleId(data.role, context);
  const scopes = await scopeIds(data.scopes, context);
  await context.logto.organizationRoles.assignResourceScopes(id, [...scopes]);
  return { outcome: "done", detail: "assigned", organizationRoleId: id };
}

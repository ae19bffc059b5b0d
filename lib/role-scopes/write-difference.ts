import type { LogtoClient } from "../logto/client.ts";
import type { Difference, HeldScope } from "./difference.ts";

/**
 * Writes a difference with as few calls as there are: none when there is nothing to do, one that adds
 * when nothing goes, else one that replaces.
 *
 * Source: POST and PUT /api/organization-roles/{id}/resource-scopes.
 *
 * @param held what the role holds, as it was when the difference was taken.
 * @throws ReferenceNotFoundError when the role or a scope is gone; nothing changes then.
 */
export async function writeDifference(
  roleId: string,
  held: readonly Pick<HeldScope, "id">[],
  { assign, remove }: Difference,
  logto: LogtoClient,
): Promise<void> {
  if (remove.length > 0) {
    const removed = new Set(remove);
    const kept = held.map(({ id }) => id).filter((id) => !removed.has(id));
    await logto.organizationRoles.replaceResourceScopes(roleId, [...kept, ...assign]);
  } else if (assign.length > 0) {
    await logto.organizationRoles.assignResourceScopes(roleId, assign);
  }
}

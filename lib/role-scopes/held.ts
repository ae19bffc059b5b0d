import { NotFoundError } from "../logto/errors.ts";
import type { ResourceScope } from "../logto/organization-roles.ts";
import type { RoleScopesContext } from "./context.ts";
import { unknownRole } from "./resolve.ts";

/**
 * The scopes that a role holds now. One call.
 *
 * @param reference the role as the event names it.
 * @throws ReferenceNotFoundError when the role is gone. Names are looked up anew then: it may
 * have been made again under the same one.
 */
export async function heldScopes(
  id: string,
  reference: string,
  { roles, resources, logto }: RoleScopesContext,
): Promise<readonly ResourceScope[]> {
  try {
    return await Array.fromAsync(logto.organizationRoles.listResourceScopes(id));
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    roles.forget();
    resources.forget();
    throw unknownRole(reference);
  }
}

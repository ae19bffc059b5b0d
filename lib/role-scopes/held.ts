import { logtoError, NotFoundError } from "../logto/errors.ts";
import type { ResourceScope } from "../logto/organization-roles.ts";
import type { RoleScopesContext } from "./context.ts";
import { unknownRoleSentence } from "./resolve.ts";

/**
 * The scopes that a role holds now. One call.
 *
 * @param reference the role as the event names it.
 * @throws ReferenceNotFoundError, with Logto's status, when the role is gone. It may have been made
 * again under the same name.
 */
export async function heldScopes(
  id: string,
  reference: string,
  { logto }: Pick<RoleScopesContext, "logto">,
): Promise<readonly ResourceScope[]> {
  try {
    return await Array.fromAsync(logto.organizationRoles.listResourceScopes(id));
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw logtoError("reference-not-found", unknownRoleSentence(reference), {
      operation: error.operation,
      status: 404,
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    });
  }
}

import type { LogtoClient } from "../logto/client.ts";
import { NotFoundError } from "../logto/errors.ts";
import type { ResourceScope } from "../logto/organization-roles.ts";
import { unknownRole } from "./resolve.ts";

/**
 * The scopes that a role holds now. One call.
 *
 * @param reference the role as the event names it.
 * @throws ReferenceNotFoundError when the role is gone.
 */
export async function heldScopes(
  id: string,
  reference: string,
  logto: LogtoClient,
): Promise<readonly ResourceScope[]> {
  try {
    return await Array.fromAsync(logto.organizationRoles.listResourceScopes(id));
  } catch (error) {
    throw error instanceof NotFoundError ? unknownRole(reference) : error;
  }
}

import type { LogtoClient } from "../logto/client.ts";
import type { Resource } from "../logto/lookups.ts";
import type { OrganizationRole } from "../logto/organization-roles.ts";

/** What Logto holds of what can be declared. */
export type Observed = {
  /** Each with the resource scopes it holds. */
  readonly roles: readonly OrganizationRole[];
  /** Each with all its scopes. */
  readonly resources: readonly Resource[];
};

/**
 * Reads the organization roles and API resources of a tenant: ⌈roles/100⌉ + 1 calls, however many
 * scopes there are.
 *
 * @throws LogtoError
 */
export async function observe(logto: LogtoClient): Promise<Observed> {
  const [roles, resources] = await Promise.all([
    Array.fromAsync(logto.organizationRoles.list()),
    Array.fromAsync(logto.resources.list()),
  ]);
  return { roles, resources };
}

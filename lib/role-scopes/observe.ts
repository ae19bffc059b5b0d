import type { LogtoClient } from "../logto/client.ts";
import { logtoError } from "../logto/errors.ts";
import type { Resource } from "../logto/lookups.ts";
import type { Operation } from "../logto/operations.ts";
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
 * @throws LogtoError; UnavailableError also where an answer comes without the scopes: to take that for
 * none would make every declared scope unknown.
 */
export async function observe(logto: LogtoClient): Promise<Observed> {
  const [roles, resources] = await Promise.all([
    Array.fromAsync(logto.organizationRoles.list()),
    Array.fromAsync(logto.resources.list()),
  ]);
  if (!roles.every(({ resourceScopes }) => Array.isArray(resourceScopes))) {
    throw lacking("resource scopes", "organizationRoles.list");
  }
  if (!resources.every(({ scopes }) => Array.isArray(scopes))) {
    throw lacking("scopes", "resources.list");
  }
  return { roles, resources };
}

const lacking = (what: string, operation: Operation) =>
  logtoError(
    "unavailable",
    `Logto's answer lacks the ${what}: check its version, and what stands before it`,
    { operation },
  );

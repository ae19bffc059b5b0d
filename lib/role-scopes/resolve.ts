import { quoted } from "../events/quoted.ts";
import type { ScopeReference } from "../events/role-scopes.ts";
import { type LogtoError, logtoError } from "../logto/errors.ts";
import type { RoleScopesContext } from "./context.ts";

/**
 * The id of the role that an event names by id or name.
 *
 * @throws ReferenceNotFoundError for a role that Logto does not know: it may be on its way.
 */
export async function roleId(
  reference: string,
  { roles, logto }: RoleScopesContext,
): Promise<string> {
  const role = await roles.find(reference, logto);
  if (role !== undefined) return role.id;
  throw unknownRole(reference);
}

export const unknownRole = (reference: string): LogtoError =>
  logtoError(
    "reference-not-found",
    `no organization role has the id or name ${quoted(reference)}`,
    { operation: "organizationRoles.list" },
  );

/** How many unknown names a sentence lists. */
const NAMES_TOLD = 5;

/**
 * The ids of the scopes that an event names, each once. An id is taken as it is.
 *
 * @throws ReferenceNotFoundError naming the scopes that Logto does not know.
 */
export async function scopeIds(
  references: readonly ScopeReference[],
  { resources, logto }: RoleScopesContext,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const unknown = new Set<string>();
  for (const reference of references) {
    if (typeof reference === "string") {
      ids.add(reference);
      continue;
    }
    const id = await resources.findScope(reference.resource, reference.scope, logto);
    if (id !== undefined) ids.add(id);
    else
      unknown.add(`${quoted(reference.scope)} of the API resource ${quoted(reference.resource)}`);
  }
  if (unknown.size > 0) throw unknownNames("scope", unknown);
  return ids;
}

/**
 * The ids of API resources by their indicators.
 *
 * @throws ReferenceNotFoundError naming the indicators that Logto does not know.
 */
export async function resourceIds(
  indicators: readonly string[],
  { resources, logto }: RoleScopesContext,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const unknown = new Set<string>();
  for (const indicator of indicators) {
    const id = await resources.findResource(indicator, logto);
    if (id !== undefined) ids.add(id);
    else unknown.add(quoted(indicator));
  }
  if (unknown.size > 0) throw unknownNames("API resource", unknown);
  return ids;
}

function unknownNames(what: string, names: ReadonlySet<string>): LogtoError {
  const told = [...names].slice(0, NAMES_TOLD).join(", ");
  const rest = names.size > NAMES_TOLD ? ` and ${names.size - NAMES_TOLD} more` : "";
  return logtoError("reference-not-found", `Logto has no ${what} ${told}${rest}`, {
    operation: "resources.list",
  });
}

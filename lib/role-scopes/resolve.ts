import { quoted } from "../events/quoted.ts";
import type { ScopeReference } from "../events/role-scopes.ts";
import { logtoError } from "../logto/errors.ts";
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
  throw logtoError("reference-not-found", unknownRoleSentence(reference), {
    operation: "organizationRoles.list",
  });
}

export const unknownRoleSentence = (reference: string): string =>
  `no organization role has the id or name ${quoted(reference)}`;

/**
 * The ids of the scopes that an event names, each once. An id is taken as it is.
 *
 * @throws ReferenceNotFoundError naming the scopes that Logto does not know.
 */
export async function scopeIds(
  references: readonly ScopeReference[],
  { resources, logto }: RoleScopesContext,
): Promise<ReadonlySet<string>> {
  const named = references.filter(isByName);
  const found = known("scope", named.map(wordsOf), await resources.findScopes(named, logto));
  const ids = references.filter((reference) => typeof reference === "string");
  return new Set([...ids, ...found]);
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
  const found = await resources.findResources(indicators, logto);
  return new Set(known("API resource", indicators.map(quoted), found));
}

/**
 * For an event that names by name, sees to it that the names in memory are as new as what its role
 * holds. A scope that was deleted and made again has another id: the old one would be looked for in
 * vain, and the role keep the new one.
 */
export async function learnNames(
  held: readonly { readonly id: string }[],
  { resources, logto }: RoleScopesContext,
): Promise<void> {
  await resources.findScopes(
    held.map(({ id }) => id),
    logto,
  );
}

/**
 * Looks everything up anew that an event names, its ids as well, once Logto has answered that it does
 * not know some of it: Logto does not say what.
 *
 * @throws ReferenceNotFoundError naming it, where it is not there now either.
 */
export async function lookUpAnew(
  { role, scopes }: { readonly role: string; readonly scopes: readonly ScopeReference[] },
  context: RoleScopesContext,
): Promise<void> {
  const { roles, resources, logto } = context;
  roles.forget();
  resources.forget();
  await roleId(role, context);
  known("scope", scopes.map(wordsOf), await resources.findScopes(scopes, logto));
}

export const isByName = (reference: ScopeReference): reference is Exclude<ScopeReference, string> =>
  typeof reference !== "string";

const wordsOf = (reference: ScopeReference): string =>
  isByName(reference)
    ? `${quoted(reference.scope)} of the API resource ${quoted(reference.resource)}`
    : quoted(reference);

/** How many unknown names a sentence lists. */
const NAMES_TOLD = 5;

/** @param words what each is called in a sentence. */
function known(
  what: string,
  words: readonly string[],
  found: readonly (string | undefined)[],
): readonly string[] {
  const unknown = [...new Set(words.filter((_, index) => found[index] === undefined))];
  if (unknown.length === 0) return found.filter((id) => id !== undefined);
  const rest = unknown.length > NAMES_TOLD ? ` and ${unknown.length - NAMES_TOLD} more` : "";
  const told = unknown.slice(0, NAMES_TOLD).join(", ");
  throw logtoError("reference-not-found", `Logto has no ${what} ${told}${rest}`, {
    operation: "resources.list",
  });
}

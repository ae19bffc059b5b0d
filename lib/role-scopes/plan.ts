import type { Resource } from "../logto/lookups.ts";
import type { OrganizationRole } from "../logto/organization-roles.ts";
import type { Declaration, DeclaredRole } from "./declaration.ts";
import { difference } from "./difference.ts";
import type { Observed } from "./observe.ts";

/** A resource scope by its id and by its names. */
export type NamedScope = {
  readonly id: string;
  /** Indicator of the API resource. */
  readonly resource: string;
  readonly scope: string;
};

/** What becomes of one role. */
export type RolePlan = {
  readonly role: string;
  readonly roleId: string;
  readonly prune: boolean;
  /** How many scopes the role holds before. */
  readonly assigned: number;
  readonly assign: readonly NamedScope[];
  readonly remove: readonly NamedScope[];
  /** What it holds and keeps though it is not declared. */
  readonly notManaged: readonly NamedScope[];
};

/** A name that is declared and that Logto does not know: of a role, of a resource, or of a scope. */
export type Unresolved = {
  readonly role: string;
  readonly resource?: string;
  readonly scope?: string;
};

export type Plan = {
  /** Every declared role that Logto knows, in the order of the declaration. */
  readonly roles: readonly RolePlan[];
  readonly unresolved: readonly Unresolved[];
  /** Roles that Logto holds and nobody declared. */
  readonly notManagedRoles: readonly string[];
};

/**
 * Compares what is declared with what Logto holds.
 *
 * A role that is not declared is left alone, and so are a declared role's scopes of resources that
 * are not named under it. Of those that are, scopes are removed only where the role prunes.
 */
export function plan(declared: Declaration, observed: Observed): Plan {
  const catalog = catalogOf(observed.resources);
  const heldRoles = new Map(observed.roles.map((role) => [role.name, role]));
  const declaredNames = new Set(declared.roles.map(({ role }) => role));
  return {
    roles: declared.roles.flatMap((role) => {
      const held = heldRoles.get(role.role);
      return held === undefined ? [] : planRole(role, held, catalog);
    }),
    unresolved: declared.roles.flatMap((role) => [
      ...(heldRoles.has(role.role) ? [] : [{ role: role.role }]),
      ...unresolvedScopes(role, catalog),
    ]),
    notManagedRoles: observed.roles
      .map(({ name }) => name)
      .filter((name) => !declaredNames.has(name)),
  };
}

/** Whether carrying out the plan for this role writes anything. */
export const hasDrifted = ({ assign, remove }: RolePlan): boolean =>
  assign.length > 0 || remove.length > 0;

/** A tenant's resources, as they are looked up. */
type Catalog = {
  readonly byIndicator: ReadonlyMap<string, CatalogResource>;
  /** Indicators by the resource's id. */
  readonly indicators: ReadonlyMap<string, string>;
};

type CatalogResource = {
  readonly id: string;
  /** Ids by the scope's name. */
  readonly scopeIds: ReadonlyMap<string, string>;
};

const catalogOf = (resources: readonly Resource[]): Catalog => ({
  byIndicator: new Map(
    resources.map(({ id, indicator, scopes = [] }) => [
      indicator,
      { id, scopeIds: new Map(scopes.map((scope) => [scope.name, scope.id])) },
    ]),
  ),
  indicators: new Map(resources.map(({ id, indicator }) => [id, indicator])),
});

function planRole(declared: DeclaredRole, held: OrganizationRole, catalog: Catalog): RolePlan {
  const wanted = new Map<string, NamedScope>();
  const managed = new Set<string>();
  for (const [resource, scopes] of declared.resources) {
    const known = catalog.byIndicator.get(resource);
    if (known === undefined) continue;
    managed.add(known.id);
    for (const scope of scopes) {
      const id = known.scopeIds.get(scope);
      if (id !== undefined) wanted.set(id, { id, resource, scope });
    }
  }
  const { assign, remove } = difference(
    new Set(wanted.keys()),
    held.resourceScopes,
    (resourceId) => declared.prune && managed.has(resourceId),
  );
  const removed = new Set(remove);
  const named = held.resourceScopes.map(({ id, name, resource }) => ({
    id,
    // A resource that was made between the two calls of a look is not in the catalog.
    resource: catalog.indicators.get(resource.id) ?? resource.name,
    scope: name,
  }));
  return {
    role: held.name,
    roleId: held.id,
    prune: declared.prune,
    assigned: held.resourceScopes.length,
    assign: assign.flatMap((id) => wanted.get(id) ?? []),
    remove: named.filter(({ id }) => removed.has(id)),
    notManaged: named.filter(({ id }) => !removed.has(id) && !wanted.has(id)),
  };
}

const unresolvedScopes = ({ role, resources }: DeclaredRole, catalog: Catalog): Unresolved[] =>
  [...resources].flatMap(([resource, scopes]): Unresolved[] => {
    const known = catalog.byIndicator.get(resource);
    if (known === undefined) return [{ role, resource }];
    return scopes
      .filter((scope) => !known.scopeIds.has(scope))
      .map((scope) => ({ role, resource, scope }));
  });

import { roleScopesJson } from "../support/role-scopes-event.ts";
import {
  isNamedById,
  type RoleResource,
  type RoleScope,
  type RoleScript,
  roleResources,
  roleScopes,
} from "./role-scripts.ts";
import { SOURCE } from "./scripts.ts";

/** The roles and API resources of a run in one Logto. */
export type RoleTenant = {
  readonly role: (script: Pick<RoleScript, "number">) => {
    readonly id: string;
    readonly name: string;
  };
  readonly indicator: (resource: RoleResource) => string;
  readonly scopeId: (scope: RoleScope) => string;
};

/**
 * Makes the roles and resources.
 *
 * @param make makes one thing under a path of the Management API and gives its id.
 * @param prefix one that nobody else has.
 */
export async function createRoleTenant(
  scripts: readonly RoleScript[],
  make: (path: string, body: unknown) => Promise<string>,
  prefix: string,
): Promise<RoleTenant> {
  const indicator = (resource: RoleResource) => `https://${prefix}.example.com/${resource}`;
  const scopeIds = new Map<string, string>();
  const keyOf = ({ resource, name }: RoleScope) => `${resource} ${name}`;
  for (const resource of roleResources) {
    const path = "/api/resources";
    const body = { name: `${prefix} ${resource}`, indicator: indicator(resource) };
    const id = await make(path, body);
    for (const scope of roleScopes.filter((candidate) => candidate.resource === resource)) {
      const scopeId = await make(`${path}/${id}/scopes`, { name: scope.name, description: "" });
      scopeIds.set(keyOf(scope), scopeId);
    }
  }
  const roles = new Map<number, { id: string; name: string }>();
  for (const { number } of scripts) {
    const name = `${prefix} role ${number}`;
    roles.set(number, { id: await make("/api/organization-roles", { name }), name });
  }
  return {
    role: ({ number }) => roles.get(number) ?? { id: "", name: "" },
    indicator,
    scopeId: (scope) => scopeIds.get(keyOf(scope)) ?? "",
  };
}

/** An event of a role's script as that tenant knows its names. */
export function roleCloudEvent(
  script: RoleScript,
  index: number,
  time: number,
  tenant: RoleTenant,
): Readonly<Record<string, unknown>> {
  const event = script.events[index];
  if (event === undefined) throw new Error(`The role ${script.number} has no event ${index}.`);
  const { id, word, scopes, prune } = event;
  const role = tenant.role(script);
  const data = {
    role: isNamedById(script) ? role.id : role.name,
    scopes: scopes.map(({ scope, byId }) =>
      byId
        ? tenant.scopeId(scope)
        : { resource: tenant.indicator(scope.resource), scope: scope.name },
    ),
    ...(word === "sync"
      ? { prune: typeof prune === "boolean" ? prune : prune.map(tenant.indicator) }
      : {}),
  };
  return roleScopesJson(word, data, { id, source: SOURCE, time: new Date(time).toISOString() });
}

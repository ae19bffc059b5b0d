import * as v from "valibot";
import {
  type Answer,
  created,
  entityNotFound,
  foreignKeyNotFound,
  guard,
  noContent,
  ok,
  uniqueViolation,
  valueTooLong,
} from "./answers.ts";
import { answerPage, readPage } from "./pagination.ts";
import { resourceScopeRoutes } from "./resource-scopes.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";
import { type OrganizationRole, randomId, type State } from "./state.ts";

export const organizationRoleRoutes: Route[] = [
  { operation: "GET /api/organization-roles", handle: listRoles },
  { operation: "POST /api/organization-roles", handle: createRole },
  { operation: "GET /api/organization-roles/{id}", handle: getRole },
  { operation: "DELETE /api/organization-roles/{id}", handle: deleteRole },
  ...resourceScopeRoutes,
];

const roleSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  description: v.nullish(v.pipe(v.string(), v.maxLength(256)), null),
  type: v.optional(v.picklist(["User", "MachineToMachine"]), "User"),
  resourceScopeIds: v.optional(v.array(v.string()), []),
});

function listRoles(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readPage(request);
  return database.query(() => {
    const byName = [...state.roles.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return answerPage(request, byName, page, (role) => withScopes(role, state));
  });
}

function createRole(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const { resourceScopeIds, ...fields } = guard(roleSchema, request.body ?? {});
  return database.query(() => {
    if ([...state.roles.values()].some(({ name }) => name === fields.name)) throw uniqueViolation();
    if (resourceScopeIds.some((id) => id.length > 21)) throw valueTooLong();
    if (resourceScopeIds.some((id) => !state.scopes.has(id))) throw foreignKeyNotFound();
    const role: OrganizationRole = { tenantId: "default", id: randomId(), ...fields };
    state.roles.set(role.id, role);
    state.roleScopes.set(role.id, new Set(resourceScopeIds));
    return created(role);
  });
}

function getRole(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const role = state.roles.get(param(request, "id"));
    if (!role) throw entityNotFound();
    return ok(withScopes(role, state));
  });
}

function deleteRole(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const id = param(request, "id");
  return database.query(() => {
    if (!state.roles.delete(id)) throw entityNotFound();
    state.roleScopes.delete(id);
    for (const members of state.members.values()) {
      for (const roleIds of members.values()) roleIds.delete(id);
    }
    for (const { id: invitationId, roleIds } of state.invitations.values()) {
      if (!roleIds.has(id)) continue;
      const left = [...roleIds].filter((roleId) => roleId !== id);
      state.changeInvitation(invitationId, { roleIds: new Set(left) });
    }
    return noContent;
  });
}

function withScopes(role: OrganizationRole, state: State): unknown {
  const resourceScopes = [...(state.roleScopes.get(role.id) ?? [])]
    .sort()
    .flatMap((id) => state.scopes.get(id) ?? [])
    .map(({ id, name, resourceId }) => {
      const resource = state.resources.get(resourceId);
      return { id, name, resource: { id: resourceId, name: resource?.name ?? "" } };
    });
  return { ...role, scopes: [], resourceScopes };
}

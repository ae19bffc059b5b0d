import * as v from "valibot";
import {
  type Answer,
  created,
  entityNotFound,
  foreignKeyNotFound,
  guard,
  LogtoError,
  noContent,
  ok,
} from "./answers.ts";
import { joinOrganization } from "./members.ts";
import { answerPage, readOptionalPage, readPage } from "./pagination.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";
import { type Organization, randomId, type State } from "./state.ts";

export const organizationRoutes: Route[] = [
  { operation: "GET /api/organizations", handle: listOrganizations },
  { operation: "POST /api/organizations", handle: createOrganization },
  { operation: "GET /api/organizations/{id}", handle: getOrganization },
  { operation: "DELETE /api/organizations/{id}", handle: deleteOrganization },
  { operation: "GET /api/organizations/{id}/users", handle: listMembers },
  { operation: "POST /api/organizations/{id}/users", handle: addMembers },
  { operation: "GET /api/organizations/{id}/users/{userId}/roles", handle: listMemberRoles },
];

const organizationSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  description: v.nullish(v.pipe(v.string(), v.maxLength(256)), null),
  customData: v.optional(v.record(v.string(), v.unknown()), {}),
  isMfaRequired: v.optional(v.boolean(), false),
});

const membersSchema = v.object({
  userIds: v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1)),
});

/** The fields a created organization gets unless it is told otherwise. */
export function newOrganization(
  fields: Pick<Organization, "name"> & Partial<Organization>,
  now: number,
): Organization {
  return {
    tenantId: "default",
    id: randomId(),
    description: null,
    customData: {},
    isMfaRequired: false,
    color: {},
    branding: {},
    customCss: null,
    createdAt: now,
    ...fields,
  };
}

function listOrganizations(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readPage(request);
  const search = request.query.get("q")?.toLowerCase() ?? "";
  return database.query(() => {
    const found = [...state.organizations.values()].filter(
      ({ id, name }) => id.includes(search) || name.toLowerCase().includes(search),
    );
    return answerPage(request, found, page);
  });
}

function createOrganization(request: ApiRequest, { state, database, now }: Logto): Promise<Answer> {
  const fields = guard(organizationSchema, request.body ?? {});
  return database.query(() => {
    const organization = newOrganization(fields, now());
    state.organizations.set(organization.id, organization);
    return created(organization);
  });
}

function getOrganization(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const organization = state.organizations.get(param(request, "id"));
    if (!organization) throw new LogtoError(404, "entity.not_exists_with_id");
    return ok(organization);
  });
}

function deleteOrganization(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const id = param(request, "id");
  return database.query(() => {
    if (!state.organizations.delete(id)) throw entityNotFound();
    state.members.delete(id);
    for (const invitation of [...state.invitations.values()]) {
      if (invitation.organizationId === id) state.removeInvitation(invitation.id);
    }
    return noContent;
  });
}

function listMembers(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readPage(request);
  const organizationId = param(request, "id");
  return database.query(() => {
    const members = [...(state.members.get(organizationId) ?? [])];
    return answerPage(request, members, page, ([userId, roleIds]) => ({
      ...state.users.get(userId),
      organizationRoles: rolesOf(roleIds, state).map(({ id, name }) => ({ id, name })),
    }));
  });
}

function addMembers(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const { userIds } = guard(membersSchema, request.body ?? {});
  const organizationId = param(request, "id");
  return database.query(() => {
    if (!state.organizations.has(organizationId)) throw foreignKeyNotFound();
    if (userIds.some((id) => !state.users.has(id))) throw foreignKeyNotFound();
    for (const id of userIds) joinOrganization(state, organizationId, id, []);
    return created({ userIds });
  });
}

function listMemberRoles(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readOptionalPage(request);
  return database.query(() => {
    const roleIds = state.members.get(param(request, "id"))?.get(param(request, "userId"));
    if (!roleIds) throw new LogtoError(422, "organization.require_membership");
    return answerPage(request, rolesOf(roleIds, state), page);
  });
}

function rolesOf(roleIds: Iterable<string>, state: State) {
  return [...roleIds].flatMap((id) => state.roles.get(id) ?? []);
}

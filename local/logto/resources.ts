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
import { answerPage, readOptionalPage } from "./pagination.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";
import { managementResourceId, type Resource, randomId, type Scope, type State } from "./state.ts";

export const resourceRoutes: Route[] = [
  { operation: "GET /api/resources", handle: listResources },
  { operation: "POST /api/resources", handle: createResource },
  { operation: "GET /api/resources/{id}", handle: getResource },
  { operation: "DELETE /api/resources/{id}", handle: deleteResource },
  { operation: "GET /api/resources/{id}/scopes", handle: listScopes },
  { operation: "POST /api/resources/{id}/scopes", handle: createScope },
  { operation: "DELETE /api/resources/{id}/scopes/{scopeId}", handle: deleteScope },
];

const resourceSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1)),
  indicator: v.pipe(v.string(), v.minLength(1)),
  accessTokenTtl: v.optional(v.number(), 3600),
});

const scopeSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  description: v.nullish(v.string(), null),
});

function listResources(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readOptionalPage(request);
  const withScopes = ["1", "true", "y", "yes"].includes(request.query.get("includeScopes") ?? "");
  return database.query(() =>
    answerPage(request, [...state.resources.values()], page, (resource) =>
      withScopes ? { ...resource, scopes: scopesOf(resource.id, state) } : resource,
    ),
  );
}

function createResource(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const fields = guard(resourceSchema, request.body ?? {});
  return database.query(() => {
    const taken = [...state.resources.values()].some((r) => r.indicator === fields.indicator);
    if (taken) throw new LogtoError(422, "resource.resource_identifier_in_use");
    const resource: Resource = {
      tenantId: "default",
      id: randomId(21),
      isDefault: false,
      ...fields,
    };
    state.resources.set(resource.id, resource);
    return created({ ...resource, scopes: [] });
  });
}

function getResource(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const resource = state.resources.get(param(request, "id"));
    if (!resource) throw new LogtoError(404, "entity.not_exists_with_id");
    return ok(resource);
  });
}

function deleteResource(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const id = param(request, "id");
  return database.query(() => {
    if (id === managementResourceId) {
      throw new LogtoError(400, "resource.cannot_delete_management_api");
    }
    if (!state.resources.delete(id)) throw entityNotFound();
    for (const scope of scopesOf(id, state)) forgetScope(scope.id, state);
    return noContent;
  });
}

/** An unknown resource simply has no scopes. */
function listScopes(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readOptionalPage(request);
  return database.query(() => answerPage(request, scopesOf(param(request, "id"), state), page));
}

function createScope(request: ApiRequest, { state, database, now }: Logto): Promise<Answer> {
  const fields = guard(scopeSchema, request.body ?? {});
  const resourceId = param(request, "id");
  return database.query(() => {
    if (/\s/.test(fields.name)) throw new LogtoError(400, "scope.name_with_space");
    if (scopesOf(resourceId, state).some(({ name }) => name === fields.name)) {
      throw new LogtoError(422, "scope.name_exists");
    }
    if (!state.resources.has(resourceId)) throw foreignKeyNotFound();
    const scope: Scope = {
      tenantId: "default",
      id: randomId(21),
      resourceId,
      createdAt: now(),
      ...fields,
    };
    state.scopes.set(scope.id, scope);
    return created(scope);
  });
}

function deleteScope(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const id = param(request, "scopeId");
    if (!state.scopes.has(id)) throw entityNotFound();
    forgetScope(id, state);
    return noContent;
  });
}

function scopesOf(resourceId: string, state: State): Scope[] {
  return [...state.scopes.values()].filter((scope) => scope.resourceId === resourceId);
}

function forgetScope(id: string, state: State): void {
  state.scopes.delete(id);
  for (const assigned of state.roleScopes.values()) assigned.delete(id);
}

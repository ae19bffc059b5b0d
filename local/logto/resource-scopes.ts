import * as v from "valibot";
import {
  type Answer,
  entityNotFound,
  foreignKeyNotFound,
  guard,
  noContent,
  uniqueViolation,
  valueTooLong,
} from "./answers.ts";
import { answerPage, readOptionalPage } from "./pagination.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";
import type { State } from "./state.ts";

/** The resource scopes assigned to one organization role. */
export const resourceScopeRoutes: Route[] = [
  { operation: "GET /api/organization-roles/{id}/resource-scopes", handle: listAssigned },
  { operation: "POST /api/organization-roles/{id}/resource-scopes", handle: assign },
  { operation: "PUT /api/organization-roles/{id}/resource-scopes", handle: replace },
  { operation: "DELETE /api/organization-roles/{id}/resource-scopes/{scopeId}", handle: remove },
];

const scopeId = v.pipe(v.string(), v.minLength(1));
const assignSchema = v.object({ scopeIds: v.pipe(v.array(scopeId), v.minLength(1)) });
const replaceSchema = v.object({ scopeIds: v.array(scopeId) });

function listAssigned(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readOptionalPage(request);
  const roleId = param(request, "id");
  return database.query(() => {
    if (!state.roles.has(roleId)) throw entityNotFound();
    const ids = [...(state.roleScopes.get(roleId) ?? [])];
    return answerPage(
      request,
      ids.flatMap((id) => state.scopes.get(id) ?? []),
      page,
    );
  });
}

function assign(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const { scopeIds } = guard(assignSchema, request.body ?? {});
  const roleId = param(request, "id");
  return database.query(() => {
    refuseUnknown(roleId, scopeIds, state);
    const assigned = state.roleScopes.get(roleId) ?? [];
    state.roleScopes.set(roleId, new Set([...assigned, ...scopeIds]));
    // No body was set, so the framework writes the reason phrase.
    return { status: 201, text: "Created" };
  });
}

function replace(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const { scopeIds } = guard(replaceSchema, request.body ?? {});
  const roleId = param(request, "id");
  return database.transaction(async () => {
    // Nothing is inserted for an empty list, so nothing refers to the role either.
    if (scopeIds.length > 0) {
      if (new Set(scopeIds).size < scopeIds.length) throw uniqueViolation();
      refuseUnknown(roleId, scopeIds, state);
    }
    return () => {
      if (state.roles.has(roleId)) state.roleScopes.set(roleId, new Set(scopeIds));
      return noContent;
    };
  });
}

function remove(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const assigned = state.roleScopes.get(param(request, "id"));
    if (!assigned?.delete(param(request, "scopeId"))) throw entityNotFound();
    return noContent;
  });
}

function refuseUnknown(roleId: string, scopeIds: readonly string[], state: State): void {
  if ([roleId, ...scopeIds].some((id) => id.length > 21)) throw valueTooLong();
  if (!state.roles.has(roleId)) throw foreignKeyNotFound();
  if (scopeIds.some((id) => !state.scopes.has(id))) throw foreignKeyNotFound();
}

import { apiRequest } from "./api.ts";
import { checkId, checkText } from "./arguments.ts";
import { logtoError } from "./errors.ts";
import { totalOf, wholeList } from "./pages.ts";
import { expectDone, expectList } from "./shape.ts";
import type { CallContext, Transport } from "./transport.ts";

/** An organization role with the resource scopes it holds. */
export type OrganizationRole = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** A user cannot have a machine-to-machine role, nor an app a user's. */
  readonly type: "User" | "MachineToMachine";
  readonly resourceScopes: readonly {
    readonly id: string;
    readonly name: string;
    readonly resource: { readonly id: string; readonly name: string };
  }[];
};

/** A permission of an API resource. */
export type ResourceScope = {
  readonly id: string;
  readonly name: string;
  readonly resourceId: string;
  readonly description: string | null;
};

/** The organization roles of a tenant. Every method may throw any LogtoError; the likely ones are named. */
export type OrganizationRoles = ReturnType<typeof createOrganizationRoles>;

const SCOPES_PATH = "/api/organization-roles/{id}/resource-scopes";

export function createOrganizationRoles(transport: Transport, context: CallContext) {
  return {
    /**
     * All organization roles, each with its resource scopes; a hundred to a call. None is left out
     * when others come or go meanwhile: what is not found would be taken for deleted.
     *
     * Source: GET /api/organization-roles.
     *
     * @throws UnavailableError also when they kept changing.
     */
    async *list(): AsyncGenerator<OrganizationRole, void, undefined> {
      const roles = await wholeList((query) =>
        transport.send(
          "organizationRoles.list",
          context,
          apiRequest("get", "/api/organization-roles", { params: { query } }),
          (answer) => ({ entities: expectList(answer), ...totalOf(answer) }),
        ),
      );
      if (roles === undefined) {
        const says = "the organization roles changed each time they were read: try again";
        throw logtoError("unavailable", says, { operation: "organizationRoles.list" });
      }
      yield* roles;
    },

    /**
     * The resource scopes of a role. Logto answers with all of them at once when no page is named.
     *
     * Source: GET /api/organization-roles/{id}/resource-scopes.
     *
     * @throws NotFoundError, InvalidArgumentError.
     */
    async *listResourceScopes(roleId: string): AsyncGenerator<ResourceScope, void, undefined> {
      const params = { path: { id: checkId("role id", roleId) } };
      yield* await transport.send(
        "organizationRoles.listResourceScopes",
        context,
        apiRequest("get", SCOPES_PATH, { params }),
        expectList,
      );
    },

    /**
     * Adds resource scopes to a role; those it holds already are left as they are.
     *
     * Source: POST /api/organization-roles/{id}/resource-scopes.
     *
     * @param scopeIds at least one.
     * @throws ReferenceNotFoundError when the role or a scope is unknown (nothing is assigned then),
     * InvalidArgumentError.
     */
    async assignResourceScopes(roleId: string, scopeIds: readonly string[]): Promise<void> {
      const params = { path: { id: checkId("role id", roleId) } };
      const body = { scopeIds: checkScopeIds(scopeIds) };
      await transport.send(
        "organizationRoles.assignResourceScopes",
        context,
        apiRequest("post", SCOPES_PATH, { params, body }),
        // The answer is the text "Created" and not JSON.
        expectDone(201),
      );
    },

    /**
     * Makes these the resource scopes of a role, in one transaction; an empty list takes all away.
     *
     * Source: PUT /api/organization-roles/{id}/resource-scopes. For an unknown role and an empty list
     * Logto answers as if it had done it: look first.
     *
     * @throws ReferenceNotFoundError when the role or a scope is unknown (nothing changes then),
     * InvalidArgumentError.
     */
    async replaceResourceScopes(roleId: string, scopeIds: readonly string[]): Promise<void> {
      const params = { path: { id: checkId("role id", roleId) } };
      // Logto refuses a scope that is named twice.
      const body = { scopeIds: [...new Set(scopeIds.map((id) => checkText("scope id", id)))] };
      await transport.send(
        "organizationRoles.replaceResourceScopes",
        context,
        apiRequest("put", SCOPES_PATH, { params, body }),
        expectDone(204),
      );
    },

    /**
     * Takes one resource scope from a role.
     *
     * Source: DELETE /api/organization-roles/{id}/resource-scopes/{scopeId}.
     *
     * @throws NotFoundError when the role does not hold it, or role or scope is unknown,
     * InvalidArgumentError.
     */
    async removeResourceScope(roleId: string, scopeId: string): Promise<void> {
      const path = {
        id: checkId("role id", roleId),
        scopeId: checkId("scope id", scopeId),
      };
      await transport.send(
        "organizationRoles.removeResourceScope",
        context,
        apiRequest("delete", `${SCOPES_PATH}/{scopeId}`, { params: { path } }),
        expectDone(204),
      );
    },
  };
}

function checkScopeIds(scopeIds: readonly string[]): string[] {
  checkText("the list of scope ids", scopeIds.join(","));
  return scopeIds.map((id) => checkText("scope id", id));
}

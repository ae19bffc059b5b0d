/**
 * Every call this library makes to Logto, as data: its method and path (for errors and metrics),
 * and whether it may be repeated when nobody knows if it was carried out.
 */
export const operations = {
  token: { method: "POST", path: "/oidc/token" },
  "invitations.list": { method: "GET", path: "/api/organization-invitations" },
  "invitations.create": { method: "POST", path: "/api/organization-invitations" },
  "invitations.get": { method: "GET", path: "/api/organization-invitations/{id}" },
  "invitations.delete": { method: "DELETE", path: "/api/organization-invitations/{id}" },
  "invitations.resendMessage": {
    method: "POST",
    path: "/api/organization-invitations/{id}/message",
  },
  "invitations.updateStatus": { method: "PUT", path: "/api/organization-invitations/{id}/status" },
  "organizationRoles.list": { method: "GET", path: "/api/organization-roles" },
  "organizationRoles.listResourceScopes": {
    method: "GET",
    path: "/api/organization-roles/{id}/resource-scopes",
  },
  "organizationRoles.assignResourceScopes": {
    method: "POST",
    path: "/api/organization-roles/{id}/resource-scopes",
  },
  "organizationRoles.replaceResourceScopes": {
    method: "PUT",
    path: "/api/organization-roles/{id}/resource-scopes",
  },
  "organizationRoles.removeResourceScope": {
    method: "DELETE",
    path: "/api/organization-roles/{id}/resource-scopes/{scopeId}",
  },
  "resources.list": { method: "GET", path: "/api/resources" },
  "organizations.list": { method: "GET", path: "/api/organizations" },
  "organizations.get": { method: "GET", path: "/api/organizations/{id}" },
  "users.list": { method: "GET", path: "/api/users" },
  "oneTimeTokens.create": { method: "POST", path: "/api/one-time-tokens" },
} as const;

export type Operation = keyof typeof operations;

/** GET, PUT and DELETE change nothing more when they are repeated. A POST might. */
export const isRepeatable = (operation: Operation): boolean =>
  operations[operation].method !== "POST";

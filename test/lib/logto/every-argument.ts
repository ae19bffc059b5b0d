import type { LogtoClient } from "../../../lib/logto/client.ts";

const DAY_MS = 86_400_000;

export type Call = (client: LogtoClient, value: string) => Promise<unknown>;

export const invitation = () => ({
  organizationId: "acme",
  invitee: "ada@example.com",
  expiresAt: Date.now() + DAY_MS,
  message: false as const,
});

/** Every id that becomes part of a path. */
export const pathArguments: Readonly<Record<string, Call>> = {
  "invitations.get": ({ invitations }, id) => invitations.get(id),
  "invitations.delete": ({ invitations }, id) => invitations.delete(id),
  "invitations.resendMessage": ({ invitations }, id) => invitations.resendMessage(id, {}),
  "invitations.updateStatus": ({ invitations }, id) =>
    invitations.updateStatus(id, { status: "Revoked" }),
  "organizationRoles.listResourceScopes": ({ organizationRoles }, id) =>
    Array.fromAsync(organizationRoles.listResourceScopes(id)),
  "organizationRoles.assignResourceScopes": ({ organizationRoles }, id) =>
    organizationRoles.assignResourceScopes(id, ["read"]),
  "organizationRoles.replaceResourceScopes": ({ organizationRoles }, id) =>
    organizationRoles.replaceResourceScopes(id, ["read"]),
  "organizationRoles.replaceResourceScopes with nothing": ({ organizationRoles }, id) =>
    organizationRoles.replaceResourceScopes(id, []),
  "organizationRoles.removeResourceScope": ({ organizationRoles }, id) =>
    organizationRoles.removeResourceScope(id, "read"),
  "organizationRoles.removeResourceScope's scope": ({ organizationRoles }, id) =>
    organizationRoles.removeResourceScope("editor", id),
  "organizations.get": ({ organizations }, id) => organizations.get(id),
};

/** Every other id, name, address and filter. */
export const textArguments: Readonly<Record<string, Call>> = {
  "invitations.list's organizationId": ({ invitations }, organizationId) =>
    Array.fromAsync(invitations.list({ organizationId })),
  "invitations.list's inviterId": ({ invitations }, inviterId) =>
    Array.fromAsync(invitations.list({ inviterId })),
  "invitations.list's invitee": ({ invitations }, invitee) =>
    Array.fromAsync(invitations.list({ organizationId: "acme", invitee })),
  "invitations.create's organizationId": ({ invitations }, organizationId) =>
    invitations.create({ ...invitation(), organizationId }),
  "invitations.create's invitee": ({ invitations }, invitee) =>
    invitations.create({ ...invitation(), invitee }),
  "invitations.create's inviterId": ({ invitations }, inviterId) =>
    invitations.create({ ...invitation(), inviterId }),
  "invitations.create's role": ({ invitations }, id) =>
    invitations.create({ ...invitation(), organizationRoleIds: ["editor", id] }),
  "invitations.updateStatus's acceptedUserId": ({ invitations }, acceptedUserId) =>
    invitations.updateStatus("an-id", { status: "Accepted", acceptedUserId }),
  "organizationRoles.assignResourceScopes's scope": ({ organizationRoles }, id) =>
    organizationRoles.assignResourceScopes("editor", ["read", id]),
  "organizationRoles.replaceResourceScopes's scope": ({ organizationRoles }, id) =>
    organizationRoles.replaceResourceScopes("editor", ["read", id]),
  "users.findByEmail": ({ users }, email) => users.findByEmail(email),
  "oneTimeTokens.create's email": ({ oneTimeTokens }, email) =>
    oneTimeTokens.create({ email, expiresIn: 60 }),
  "oneTimeTokens.create's organization": ({ oneTimeTokens }, id) =>
    oneTimeTokens.create({
      email: "ada@example.com",
      expiresIn: 60,
      jitOrganizationIds: ["acme", id],
    }),
};

/** The variables of an e-mail: they may be empty and may have lines. */
export const variableArguments: Readonly<Record<string, Call>> = {
  "invitations.create's link": ({ invitations }, link) =>
    invitations.create({ ...invitation(), message: { link } }),
  "invitations.create's own variable": ({ invitations }, greeting) =>
    invitations.create({ ...invitation(), message: { greeting } }),
  "invitations.resendMessage's locale": ({ invitations }, locale) =>
    invitations.resendMessage("an-id", { locale }),
  "invitations.resendMessage's own variable": ({ invitations }, greeting) =>
    invitations.resendMessage("an-id", { greeting }),
};

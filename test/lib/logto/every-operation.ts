import type { LogtoClient } from "../../../lib/logto/client.ts";
import type { Operation } from "../../../lib/logto/operations.ts";

/** What the calls are made with. */
export type CallArguments = {
  readonly id: string;
  readonly address: string;
  readonly link: string;
  readonly expiresAt: number;
};

export const someArguments: CallArguments = {
  id: "an-id",
  address: "invitee@example.com",
  link: "https://example.com/join",
  expiresAt: Date.now() + 86_400_000,
};

export type ApiOperation = Exclude<Operation, "token">;

/** How the client is asked for each operation; lists are read to their end. */
export const callOf: Readonly<
  Record<ApiOperation, (client: LogtoClient, given: CallArguments) => Promise<unknown>>
> = {
  "invitations.list": ({ invitations }, { id, address }) =>
    Array.fromAsync(invitations.list({ organizationId: id, invitee: address })),
  "invitations.create": ({ invitations }, { id, address, link, expiresAt }) =>
    invitations.create({
      organizationId: id,
      invitee: address,
      expiresAt,
      organizationRoleIds: [id],
      inviterId: id,
      message: { link },
    }),
  "invitations.get": ({ invitations }, { id }) => invitations.get(id),
  "invitations.delete": ({ invitations }, { id }) => invitations.delete(id),
  "invitations.resendMessage": ({ invitations }, { id, link }) =>
    invitations.resendMessage(id, { link }),
  "invitations.updateStatus": ({ invitations }, { id }) =>
    invitations.updateStatus(id, { status: "Accepted", acceptedUserId: id }),
  "organizationRoles.list": ({ organizationRoles }) => Array.fromAsync(organizationRoles.list()),
  "organizationRoles.listResourceScopes": ({ organizationRoles }, { id }) =>
    Array.fromAsync(organizationRoles.listResourceScopes(id)),
  "organizationRoles.assignResourceScopes": ({ organizationRoles }, { id }) =>
    organizationRoles.assignResourceScopes(id, [id]),
  "organizationRoles.replaceResourceScopes": ({ organizationRoles }, { id }) =>
    organizationRoles.replaceResourceScopes(id, [id]),
  "organizationRoles.removeResourceScope": ({ organizationRoles }, { id }) =>
    organizationRoles.removeResourceScope(id, id),
  "resources.list": ({ resources }) => Array.fromAsync(resources.list()),
  "organizations.list": ({ organizations }) => Array.fromAsync(organizations.list()),
  "organizations.get": ({ organizations }, { id }) => organizations.get(id),
  "users.list": ({ users }, { address }) => users.findByEmail(address),
  "oneTimeTokens.create": ({ oneTimeTokens }, { id, address }) =>
    oneTimeTokens.create({ email: address, expiresIn: 600, jitOrganizationIds: [id] }),
};

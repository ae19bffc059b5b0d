import { createInvitations, type Invitations } from "./invitations.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { createOrganizationRoles, type OrganizationRoles } from "./organization-roles.ts";
import { type CallContext, createTransport, type TransportOptions } from "./transport.ts";

export type LogtoClient = Lookups & {
  readonly invitations: Invitations;
  readonly organizationRoles: OrganizationRoles;
  /** The same client, with its calls made on behalf of somebody: a signal, a deadline, a counter. */
  readonly on: (context: CallContext) => LogtoClient;
};

/**
 * A client of Logto's Management API. It holds the access token and the budget, so make one and
 * share it; `on` gives a cheap view of it for one message or command.
 *
 * Nothing is asked for before the first call.
 */
export function createLogtoClient(options: TransportOptions): LogtoClient {
  const transport = createTransport(options);
  const now = options.now ?? Date.now;
  const on = (context: CallContext): LogtoClient => ({
    invitations: createInvitations(transport, context, now),
    organizationRoles: createOrganizationRoles(transport, context),
    ...createLookups(transport, context),
    on,
  });
  return on({});
}

import * as v from "valibot";
import type { LogtoClient } from "../../lib/logto/client.ts";
import type { Invitation } from "../../lib/logto/invitations.ts";
import type { Invitee } from "./scripts.ts";
import type { Tenant } from "./tenant.ts";

/** What Logto holds of an invitee in the end, in words that do not depend on ids. */
export type FinalState = ReadonlyMap<number, string>;

/** Reads everything through the Management API. */
export async function readFinalState(
  logto: LogtoClient,
  tenant: Tenant,
  invitees: readonly Invitee[],
): Promise<FinalState> {
  const byAddress = new Map<string, Invitation[]>();
  const members = new Set<string>();
  for (const organizationId of tenant.organizationIds) {
    for await (const invitation of logto.invitations.list({ organizationId })) {
      const known = byAddress.get(invitation.invitee) ?? [];
      byAddress.set(invitation.invitee, [...known, invitation]);
    }
    for (let page = 1; ; page++) {
      const path = `/api/organizations/${organizationId}/users?page=${page}&page_size=100`;
      const users = v.parse(userList, await tenant.management("GET", path));
      for (const { id } of users) members.add(id);
      if (users.length < 100) break;
    }
  }
  return new Map(
    invitees.map(({ number, address }) => {
      const invitations = (byAddress.get(address) ?? []).map(describe).toSorted();
      const isMember = members.has(tenant.userIds.get(number) ?? "");
      return [number, [...invitations, isMember ? "member" : "no member"].join("; ")];
    }),
  );
}

/** The expiry tells which event made it. */
const describe = ({ status, expiresAt, organizationRoles }: Invitation): string =>
  `${status} until ${expiresAt} with ${organizationRoles.length} roles`;

const userList = v.array(v.object({ id: v.string() }));

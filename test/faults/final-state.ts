import * as v from "valibot";
import type { LogtoClient } from "../../lib/logto/client.ts";
import type { Invitation } from "../../lib/logto/invitations.ts";
import { type RoleScript, roleScopes } from "./role-scripts.ts";
import type { Invitee } from "./scripts.ts";
import type { Tenant } from "./tenant.ts";

/** What Logto holds of each invitee and role in the end, in words that do not depend on ids. */
export type FinalState = ReadonlyMap<string, string>;

export const inviteeKey = ({ number }: Pick<Invitee, "number">): string => `invitee ${number}`;

/** Reads everything through the Management API. */
export async function readFinalState(
  logto: LogtoClient,
  tenant: Tenant,
  invitees: readonly Invitee[],
  roles: readonly RoleScript[],
): Promise<FinalState> {
  return new Map([
    ...(await readInvitees(logto, tenant, invitees)),
    ...(await readRoles(logto, tenant, roles)),
  ]);
}

async function readInvitees(
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
    invitees.map((invitee) => {
      const { number, address } = invitee;
      const invitations = (byAddress.get(address) ?? []).map(describe).toSorted();
      const isMember = members.has(tenant.userIds.get(number) ?? "");
      return [inviteeKey(invitee), [...invitations, isMember ? "member" : "no member"].join("; ")];
    }),
  );
}

async function readRoles(
  logto: LogtoClient,
  { roles }: Tenant,
  scripts: readonly RoleScript[],
): Promise<FinalState> {
  const words = new Map(
    roleScopes.map((scope) => [roles.scopeId(scope), `${scope.resource} ${scope.name}`]),
  );
  const state = new Map<string, string>();
  for (const script of scripts) {
    const { id } = roles.role(script);
    const held = await Array.fromAsync(logto.organizationRoles.listResourceScopes(id));
    const told = held.map((scope) => words.get(scope.id) ?? scope.name).toSorted();
    state.set(`role ${script.number}`, `holds ${told.join(", ") || "nothing"}`);
  }
  return state;
}

/** The expiry tells which event made it. */
const describe = ({ status, expiresAt, organizationRoles }: Invitation): string =>
  `${status} until ${expiresAt} with ${organizationRoles.length} roles`;

const userList = v.array(v.object({ id: v.string() }));

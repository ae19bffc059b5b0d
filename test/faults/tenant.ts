import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { Credentials } from "../../lib/logto/credentials.ts";
import { createManagement, type Management } from "../../local/management.ts";
import type { RoleScript } from "./role-scripts.ts";
import { createRoleTenant, type RoleTenant } from "./role-tenant.ts";
import { type Invitee, organizationNumbers, SOURCE } from "./scripts.ts";

/** What the scripts name, in one Logto. */
export type Tenant = {
  readonly organizationIds: readonly string[];
  readonly roleId: string;
  /** By invitee number; only of those who accept. */
  readonly userIds: ReadonlyMap<number, string>;
  /** What the role-scopes events are about. */
  readonly roles: RoleTenant;
  readonly management: Management;
  /** Removes all of it. */
  readonly remove: () => Promise<void>;
};

/** Makes organizations, roles, API resources and the users who accept, under a prefix nobody else has. */
export async function createTenant(
  credentials: () => Credentials,
  invitees: readonly Invitee[],
  roleScripts: readonly RoleScript[],
): Promise<Tenant> {
  const management = await createManagement(credentials);
  const prefix = `faults-${randomBytes(4).toString("hex")}`;
  const made: string[] = [];
  const make = async (path: string, body: unknown): Promise<string> => {
    const { id } = v.parse(entity, await management("POST", path, body));
    made.push(`${path}/${id}`);
    return id;
  };
  const remove = async (): Promise<void> => {
    for (const path of made.toReversed()) await management("DELETE", path);
  };
  try {
    const organizationIds: string[] = [];
    for (const number of organizationNumbers) {
      organizationIds.push(await make("/api/organizations", { name: `${prefix} ${number}` }));
    }
    const roleId = await make("/api/organization-roles", { name: `${prefix} member` });
    const userIds = new Map<number, string>();
    for (const { number, address, events } of invitees) {
      if (!events.some(({ type }) => type.endsWith(".accept"))) continue;
      userIds.set(number, await make("/api/users", { primaryEmail: address }));
    }
    const roles = await createRoleTenant(roleScripts, make, prefix);
    return { organizationIds, roleId, userIds, roles, management, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const entity = v.object({ id: v.string() });

/** An event of a script as that tenant knows its names. */
export function cloudEvent(
  invitee: Invitee,
  index: number,
  time: number,
  tenant: Tenant,
): Readonly<Record<string, unknown>> {
  const event = invitee.events[index];
  const { acceptedUserId, organizationRoleIds, ...data } = event?.data ?? {};
  return {
    specversion: "1.0",
    id: event?.id,
    source: SOURCE,
    type: event?.type,
    time: new Date(time).toISOString(),
    data: {
      organizationId: tenant.organizationIds[invitee.organization],
      invitee: invitee.address,
      ...data,
      ...(acceptedUserId === undefined
        ? {}
        : { acceptedUserId: tenant.userIds.get(invitee.number) }),
      ...(Array.isArray(organizationRoleIds)
        ? { organizationRoleIds: organizationRoleIds.map(() => tenant.roleId) }
        : {}),
    },
  };
}

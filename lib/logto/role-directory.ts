import type { LogtoClient } from "./client.ts";
import { createDirectory, type Directory } from "./directory.ts";
import type { OrganizationRole } from "./organization-roles.ts";

/** Finds organization roles by id or name. */
export type RoleDirectory = Pick<Directory<OrganizationRole>, "forget"> & {
  /** The role with this id, else the one with this name; `undefined` when Logto has neither. */
  readonly find: (reference: string, logto: LogtoClient) => Promise<OrganizationRole | undefined>;
};

/**
 * Keeps the tenant's roles in memory; a read is ⌈roles/100⌉ calls.
 *
 * @param ttlMs how long a read is used.
 * @param now epoch milliseconds.
 */
export function createRoleDirectory(ttlMs: number, now: () => number = Date.now): RoleDirectory {
  const { find, forget } = createDirectory(
    (logto) => Array.fromAsync(logto.organizationRoles.list()),
    ttlMs,
    now,
  );
  const named = (roles: readonly OrganizationRole[], reference: string) =>
    roles.find(({ id }) => id === reference) ?? roles.find(({ name }) => name === reference);
  return {
    find: async (reference, logto) => {
      const [role] = await find((roles) => [named(roles, reference)], logto);
      return role;
    },
    forget,
  };
}

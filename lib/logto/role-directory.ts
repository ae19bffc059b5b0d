import type { LogtoClient } from "./client.ts";
import type { OrganizationRole } from "./organization-roles.ts";

/** Finds organization roles by id or name. */
export type RoleDirectory = {
  /**
   * The role with this id, else the one with this name; `undefined` when Logto has neither.
   *
   * @param logto on whose behalf Logto is asked, where it has to be.
   */
  readonly find: (reference: string, logto: LogtoClient) => Promise<OrganizationRole | undefined>;
};

/**
 * Keeps the tenant's roles in memory: ⌈roles/100⌉ calls for as long as they are fresh, and once more
 * when a role is not among them, for it may be new.
 *
 * @param ttlMs how long a read is used.
 * @param now epoch milliseconds.
 */
export function createRoleDirectory(ttlMs: number, now: () => number = Date.now): RoleDirectory {
  let roles: readonly OrganizationRole[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;

  const read = (logto: LogtoClient): Promise<void> => {
    const beganAt = now();
    pending ??= Array.fromAsync(logto.organizationRoles.list())
      .then((found) => {
        roles = found;
        readAt = beganAt;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  const known = (reference: string): OrganizationRole | undefined =>
    roles.find(({ id }) => id === reference) ?? roles.find(({ name }) => name === reference);

  return {
    find: async (reference, logto) => {
      const askedAt = now();
      if (askedAt - readAt >= ttlMs) await read(logto);
      // Only a read that began no earlier than the question says that there is no such role. The one
      // that is waited for may have begun before.
      while (known(reference) === undefined && readAt < askedAt) await read(logto);
      return known(reference);
    },
  };
}

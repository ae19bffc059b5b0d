import type { State } from "./state.ts";

/** Makes the user a member with these roles, beside any roles held already. */
export function joinOrganization(
  state: State,
  organizationId: string,
  userId: string,
  roleIds: readonly string[],
): void {
  const members = state.members.get(organizationId) ?? new Map<string, Set<string>>();
  state.members.set(organizationId, members);
  const held = members.get(userId) ?? new Set<string>();
  members.set(userId, new Set([...held, ...roleIds]));
}

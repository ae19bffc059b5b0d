import type { Reject } from "../events/outcome.ts";
import { quoted } from "../events/quoted.ts";
import { logtoError } from "../logto/errors.ts";
import type { InvitationContext } from "./context.ts";

/**
 * The ids of roles that an event names by id or name.
 *
 * @returns the ids, each once; or a rejection for a role that no user can have. Logto would take such
 * an invitation and then fail its acceptance.
 * @throws ReferenceNotFoundError for a role that Logto does not know: it may be on its way.
 */
export async function userRoleIds(
  references: readonly string[],
  { roles, logto }: InvitationContext,
): Promise<{ readonly ids: readonly string[] } | Reject> {
  const ids = new Set<string>();
  for (const reference of references) {
    const role = await roles.find(reference, logto);
    if (role === undefined) {
      throw logtoError(
        "reference-not-found",
        `no organization role has the id or name ${quoted(reference)}`,
        { operation: "organizationRoles.list" },
      );
    }
    if (role.type !== "User") {
      return {
        outcome: "reject",
        reason: "machine-to-machine-role",
        sentence: `The role ${quoted(reference)} is for machine-to-machine apps: name a role for users.`,
      };
    }
    ids.add(role.id);
  }
  return { ids: [...ids] };
}

import type { Outcome } from "../events/outcome.ts";
import type { EventFor } from "../events/queue-name.ts";
import { ReferenceNotFoundError } from "../logto/errors.ts";
import { assignScopes } from "./assign.ts";
import type { RoleScopesContext } from "./context.ts";
import { removeScopes } from "./remove.ts";
import { replaceScopes } from "./replace.ts";
import { syncScopes } from "./sync.ts";

/**
 * Carries out a role-scopes event.
 *
 * @throws LogtoError for what the queue decides about: outages, limits, references not found. After
 * a reference that was not found, names are looked up anew: a role may have been made again under
 * the same name.
 */
export async function carryOutRoleScopesEvent(
  event: EventFor<"role-scopes">,
  context: RoleScopesContext,
): Promise<Outcome> {
  try {
    return await carryOut(event, context);
  } catch (error) {
    if (error instanceof ReferenceNotFoundError) {
      context.roles.forget();
      context.resources.forget();
    }
    throw error;
  }
}

function carryOut(event: EventFor<"role-scopes">, context: RoleScopesContext): Promise<Outcome> {
  switch (event.type) {
    case "onboarding.role-scopes.assign":
      return assignScopes(event, context);
    case "onboarding.role-scopes.replace":
      return replaceScopes(event, context);
    case "onboarding.role-scopes.remove":
      return removeScopes(event, context);
    case "onboarding.role-scopes.sync":
      return syncScopes(event, context);
  }
}

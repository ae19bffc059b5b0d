import type { Outcome } from "../events/outcome.ts";
import type { EventFor } from "../events/queue-name.ts";
import { ReferenceNotFoundError } from "../logto/errors.ts";
import { assignScopes } from "./assign.ts";
import type { RoleScopesContext } from "./context.ts";
import { removeScopes } from "./remove.ts";
import { replaceScopes } from "./replace.ts";
import { isByName, lookUpAnew } from "./resolve.ts";
import { syncScopes } from "./sync.ts";

/**
 * Carries out a role-scopes event. Where names in memory turn out to stand for something that is gone,
 * it is tried once more with new ones: a message that waited through an outage has no next time.
 *
 * @throws LogtoError for what the queue decides about: outages, limits, references not found.
 */
export async function carryOutRoleScopesEvent(
  event: EventFor<"role-scopes">,
  context: RoleScopesContext,
): Promise<Outcome> {
  try {
    return await carryOut(event, context);
  } catch (error) {
    // Logto itself says so: a name in memory may stand for something that was made again since.
    if (!(error instanceof ReferenceNotFoundError) || error.status === undefined) throw error;
    await lookUpAnew({ role: event.data.role, scopes: scopesToFind(event) }, context);
    return carryOut(event, context);
  }
}

/** To take away an id that Logto does not know is done: nobody holds it. */
const scopesToFind = ({ type, data }: EventFor<"role-scopes">) =>
  type === "onboarding.role-scopes.remove" ? data.scopes.filter(isByName) : data.scopes;

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

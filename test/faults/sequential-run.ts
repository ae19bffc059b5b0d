import type { Outcome } from "../../lib/events/outcome.ts";
import { parseEvent } from "../../lib/events/parse.ts";
import { carryOutInvitationEvent } from "../../lib/invitations/carry-out.ts";
import { invitationPolicy } from "../../lib/invitations/policy.ts";
import { createBudget } from "../../lib/logto/budget.ts";
import { createLogtoClient } from "../../lib/logto/client.ts";
import { fixedCredentials } from "../../lib/logto/credentials.ts";
import { createResourceDirectory } from "../../lib/logto/resource-directory.ts";
import { createRoleDirectory } from "../../lib/logto/role-directory.ts";
import { carryOutRoleScopesEvent } from "../../lib/role-scopes/carry-out.ts";
import { settingsReader } from "../../lib/runtime/settings.ts";
import { startLogtoStandIn } from "../../local/logto/server.ts";
import { invitationEvent } from "../support/invitation-event.ts";
import { roleScopesEventOf } from "../support/role-scopes-event.ts";
import { type FinalState, readFinalState } from "./final-state.ts";
import type { RoleScript } from "./role-scripts.ts";
import { roleCloudEvent } from "./role-tenant.ts";
import type { Invitee } from "./scripts.ts";
import { cloudEvent, createTenant } from "./tenant.ts";

/** What the scripts come to when nothing goes wrong: each event once, one after the other. */
export type SequentialRun = {
  readonly state: FinalState;
  /** By event id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
};

/** Carries the scripts out against a Logto stand-in of its own, without faults and without a queue. */
export async function runSequentially(
  invitees: readonly Invitee[],
  roleScripts: readonly RoleScript[],
  timeOf: (eventId: string) => number,
): Promise<SequentialRun> {
  const standIn = await startLogtoStandIn({ emailDelayMs: 0 });
  const credentials = {
    endpoint: standIn.endpoint,
    appId: standIn.app.id,
    appSecret: standIn.app.secret,
    resource: standIn.resource,
    hashKey: "unused",
  };
  try {
    const tenant = await createTenant(() => credentials, invitees, roleScripts);
    const logto = createLogtoClient({
      credentials: fixedCredentials(credentials),
      budget: createBudget({ requestsPerSecond: 1e6, burst: 1e6, emailCreatesInFlight: 16 }),
      timeoutMs: 30_000,
      emailTimeoutMs: 30_000,
    });
    const roles = createRoleDirectory(600_000);
    const resources = createResourceDirectory(600_000);
    const policy = invitationPolicy(settingsReader({}));
    const outcomes = new Map<string, Outcome>();
    const carryOutScript = async (invitee: Invitee): Promise<void> => {
      for (const [index, { id }] of invitee.events.entries()) {
        const time = timeOf(id);
        const event = invitationEvent(parseEvent(cloudEvent(invitee, index, time, tenant)));
        const delivery = { sentAt: time, receiveCount: 1 };
        const context = { delivery, logto, roles, policy, now: Date.now() };
        outcomes.set(id, await carryOutInvitationEvent(event, context));
      }
    };
    // Invitees do not meet, so they may go beside each other.
    for (let first = 0; first < invitees.length; first += 10) {
      await Promise.all(invitees.slice(first, first + 10).map(carryOutScript));
    }
    for (const script of roleScripts) {
      for (const [index, { id }] of script.events.entries()) {
        const json = roleCloudEvent(script, index, timeOf(id), tenant.roles);
        const event = roleScopesEventOf(parseEvent(json));
        outcomes.set(id, await carryOutRoleScopesEvent(event, { logto, roles, resources }));
      }
    }
    return { state: await readFinalState(logto, tenant, invitees, roleScripts), outcomes };
  } finally {
    await standIn.stop();
  }
}

import type { QueueName } from "../lib/events/queue-name.ts";
import { isFor } from "../lib/events/queue-name.ts";
import { carryOutInvitationEvent } from "../lib/invitations/carry-out.ts";
import { invitationPolicy } from "../lib/invitations/policy.ts";
import type { LogtoClient } from "../lib/logto/client.ts";
import { createResourceDirectory } from "../lib/logto/resource-directory.ts";
import { createRoleDirectory } from "../lib/logto/role-directory.ts";
import type { Task } from "../lib/queue/batch.ts";
import { type DirectOutcome, processDirect } from "../lib/queue/direct.ts";
import { carryOutRoleScopesEvent } from "../lib/role-scopes/carry-out.ts";
import { settingsReader } from "../lib/runtime/settings.ts";
import { openLogto } from "./logto.ts";
import type { Target } from "./target.ts";

/** A person waits: longer than any one call to Logto may take. */
const PATIENCE_MS = 60_000;

/**
 * Carries out one event here, by the code of the functions. Of a deployed stage the settings of its
 * function hold, so that expiry, link and message are what its queue would make of the event.
 *
 * @throws UsageError when it is not said which Logto.
 */
export async function carryOutDirectly(
  event: object,
  queue: QueueName,
  target: Target,
  stage: string | undefined,
): Promise<DirectOutcome> {
  const settings = settingsReader({
    ...target.environment,
    ...(stage === undefined ? {} : await deployedSettings(stage, queue)),
  });
  const seen = new Set<string>();
  const logto = noting(openLogto(target), seen);
  const roles = createRoleDirectory(PATIENCE_MS);
  const resources = createResourceDirectory(PATIENCE_MS);
  const policy = invitationPolicy(settings);

  const carryOut = ({ event: parsed, message }: Task) => {
    const now = Date.now();
    return isFor("invitations", parsed)
      ? carryOutInvitationEvent(parsed, { delivery: message.delivery, logto, roles, policy, now })
      : carryOutRoleScopesEvent(parsed, { logto, roles, resources });
  };
  const deadline = Date.now() + PATIENCE_MS;
  const [outcome] = await processDirect(
    event,
    {
      handle: carryOut,
      report: () => {},
      warn: (sentence) => console.error(sentence),
      now: Date.now,
      random: Math.random,
    },
    { startBefore: deadline, endBy: deadline },
  );
  if (outcome === undefined) throw new Error("The event has no outcome.");
  return outcome.outcome !== "done" && /\bno organization role\b/i.test(outcome.sentence)
    ? { ...outcome, sentence: `${outcome.sentence}. ${namesOf(seen)}` }
    : outcome;
}

/** The same Logto; the organization roles that it lists on the way are noted. */
const noting = (logto: LogtoClient, seen: Set<string>): LogtoClient => ({
  ...logto,
  organizationRoles: {
    ...logto.organizationRoles,
    list: async function* (...parameters) {
      for await (const role of logto.organizationRoles.list(...parameters)) {
        seen.add(role.name);
        yield role;
      }
    },
  },
});

const namesOf = (roles: ReadonlySet<string>): string =>
  roles.size === 0 ? "There is none." : `There are: ${[...roles].join(", ")}.`;

async function deployedSettings(stage: string, queue: QueueName) {
  const { functionEnvironment } = await import("./stage.ts");
  return functionEnvironment(stage, queue);
}

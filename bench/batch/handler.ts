import type { SQSRecord } from "aws-lambda";
import { parseEventBody } from "../../lib/events/parse.ts";
import { isFor } from "../../lib/events/queue-name.ts";
import { carryOutInvitationEvent } from "../../lib/invitations/carry-out.ts";
import { invitationPolicy } from "../../lib/invitations/policy.ts";
import type { LogtoClient } from "../../lib/logto/client.ts";
import { createRoleDirectory } from "../../lib/logto/role-directory.ts";
import { settingsReader } from "../../lib/runtime/settings.ts";

const roles = createRoleDirectory(600_000);
const policy = invitationPolicy(settingsReader({}));

/** What every contender does with one record: one create at Logto. Throws when it is not done. */
export async function handleRecord(record: SQSRecord, logto: LogtoClient): Promise<void> {
  const parsed = parseEventBody(record.body);
  if (!parsed.ok) throw new Error(parsed.reason);
  if (!isFor("invitations", parsed.event)) throw new Error(parsed.event.type);
  const now = Date.now();
  const delivery = { sentAt: now, receiveCount: 1 };
  const { outcome } = await carryOutInvitationEvent(parsed.event, {
    delivery,
    logto,
    roles,
    policy,
    now,
  });
  if (outcome !== "done") throw new Error(outcome);
}

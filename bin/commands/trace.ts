import { createHmac } from "node:crypto";
import { Command } from "commander";
import type { DeadLetterList } from "../../lib/dead-letters/list.ts";
import { invitationGroupId } from "../../lib/events/message-group.ts";
import type { Invitation } from "../../lib/logto/invitations.ts";
import { openDeadLetters, tellNotSeen } from "../dead-letter-options.ts";
import { findCredentials, openLogto } from "../logto.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { showProgress } from "../terminal.ts";
import { linesOf } from "./dead-letters-list.ts";
import { invitationTable, withTimes } from "./invitations-list.ts";

type TraceOptions = TargetOptions & {
  readonly invitee: string;
  readonly organization?: string;
  readonly json?: boolean;
};

/** `onboarding trace --invitee …`: what is known of somebody who got no invitation. */
export const traceCommand = (): Command =>
  withTarget(new Command("trace"))
    .requiredOption("--invitee <address>", "the person's e-mail address, in any letter case")
    .option("--organization <id>", "only this organization")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
It shows the invitations that Logto holds of the person, the dead letters with what they were told, and
the query that finds the person's lines in the functions' logs. It reads no logs and changes nothing.
What each finding means: docs/why-no-invitation.md.

Examples:
  onboarding trace --stage prod --invitee ada@example.com
  onboarding trace --local --invitee ada@example.com --organization acme --json

Exit codes: 0 looked, 1 Logto or AWS failed, 2 something is wrong with the command.`,
    )
    .action(trace);

async function trace(options: TraceOptions): Promise<void> {
  showProgress("Reading…");
  const target = await findTarget(options);
  const invitations = await Array.fromAsync(
    openLogto(target).invitations.list({
      invitee: options.invitee,
      ...(options.organization === undefined ? {} : { organizationId: options.organization }),
    }),
  );
  const dead = await deadLettersOf(options);
  const { hashKey } = await findCredentials(target.environment).get();
  showProgress("");
  const query = logsQuery(options, hashKey);
  if (options.json) {
    const { letters = [], notSeen } = dead;
    const told = { invitations: invitations.map(withTimes), deadLetters: letters, notSeen, query };
    console.log(JSON.stringify(told, undefined, 2));
  } else print(invitations, dead, query, options.stage);
}

async function deadLettersOf(options: TraceOptions): Promise<DeadLetterList> {
  const { sqs, pairs } = await openDeadLetters(options);
  const { listDeadLetters } = await import("../../lib/dead-letters/list.ts");
  const { invitee, organization: organizationId } = options;
  try {
    const ofInvitations = pairs.filter(({ name }) => name === "invitations");
    return await listDeadLetters(sqs, ofInvitations, { invitee, organizationId }, true);
  } finally {
    sqs.destroy();
  }
}

/** The query for CloudWatch Logs Insights. The logs name the invitee by these hashes only. */
function logsQuery({ invitee, organization }: TraceOptions, hashKey: string): string {
  const hashed = createHmac("sha256", hashKey).update(invitee.trim().toLowerCase()).digest("hex");
  const filter =
    organization === undefined
      ? `inviteeHash = "${hashed}"`
      : `group = "${invitationGroupId(organization, invitee)}"`;
  return [
    "fields @timestamp, eventId, outcome, detail, reason, sentence, receiveCount, logtoRequestId",
    `| filter ${filter}`,
    "| sort @timestamp desc",
  ].join("\n");
}

function print(
  invitations: readonly Invitation[],
  { letters = [], notSeen }: DeadLetterList,
  query: string,
  stage = "<stage>",
): void {
  console.log(`Invitations\n${invitationTable(invitations)}\n`);
  console.log(
    `Dead letters\n${letters.length === 0 ? "No dead letter of this person." : linesOf(letters)}`,
  );
  tellNotSeen(notSeen);
  console.log(
    `\nLogs, in CloudWatch Logs Insights on /aws/lambda/logto-onboarding-${stage}-invitations\n${query}\n`,
  );
  console.log("What each finding means: docs/why-no-invitation.md.");
}

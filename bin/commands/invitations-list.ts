import { Command, Option } from "commander";
import { NotFoundError } from "../../lib/logto/errors.ts";
import type { Invitation } from "../../lib/logto/invitations.ts";
import { table } from "../../local/table.ts";
import { openLogto } from "../logto.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";

const STATUSES = ["pending", "accepted", "expired", "revoked"] as const;

type ListOptions = TargetOptions & {
  organization?: string;
  invitee?: string;
  inviter?: string;
  status?: (typeof STATUSES)[number];
  json?: boolean;
};

export const listCommand = (): Command =>
  withTarget(new Command("list"))
    .description("List the invitations that Logto holds, newest first.")
    .option("--organization <id>", "only into this organization")
    .option("--invitee <address>", "only of this person, in any letter case")
    .option("--inviter <id>", "only those of this user")
    .addOption(new Option("--status <status>", "only in this status").choices(STATUSES))
    .option("--json", "print JSON, one invitation to a line")
    .addHelpText(
      "after",
      `
Examples:
  onboarding invitations list --local
  onboarding invitations list --stage prod --invitee ada@example.com
  onboarding invitations list --stage prod --status expired --json | jq -r .organizationId

Exit codes: 0 listed, 1 Logto or AWS failed, 2 something is wrong with the command.`,
    )
    .action(list);

async function list(options: ListOptions): Promise<void> {
  const logto = openLogto(await findTarget(options));
  const found = logto.invitations.list({
    ...(options.organization === undefined ? {} : { organizationId: options.organization }),
    ...(options.invitee === undefined ? {} : { invitee: options.invitee }),
    ...(options.inviter === undefined ? {} : { inviterId: options.inviter }),
  });
  const rows: string[][] = [];
  for await (const invitation of found) {
    const { status } = invitation;
    if (options.status !== undefined && status.toLowerCase() !== options.status) continue;
    if (options.json) console.log(JSON.stringify(withTimes(invitation)));
    else rows.push(row(invitation));
  }
  if (options.json) return;
  console.log(invitationRows(rows));
}

const invitationRows = (rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? "Logto holds no such invitation." : table([HEADING, ...rows]);

/** Invitations as a table, a line for each. */
export const invitationTable = (invitations: readonly Invitation[]): string =>
  invitationRows(invitations.map(row));

const HEADING = ["invitation", "status", "organization", "invitee", "roles", "created", "expires"];

const row = (invitation: Invitation): string[] => [
  invitation.id,
  invitation.status,
  invitation.organizationId,
  invitation.invitee,
  invitation.organizationRoles.map(({ name }) => name).join(", "),
  toMinute(invitation.createdAt),
  toMinute(invitation.expiresAt),
];

const toMinute = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 16)}Z`;

/** An invitation with its times in ISO 8601. */
export const withTimes = (invitation: Invitation) => ({
  ...invitation,
  createdAt: new Date(invitation.createdAt).toISOString(),
  updatedAt: new Date(invitation.updatedAt).toISOString(),
  expiresAt: new Date(invitation.expiresAt).toISOString(),
});

export const showCommand = (): Command =>
  withTarget(new Command("show"))
    .description("Show one invitation as Logto holds it, as JSON.")
    .argument("<invitation>", "its id")
    .option("--json", "print JSON, as it does anyhow")
    .addHelpText(
      "after",
      `
Examples:
  onboarding invitations show --stage prod 2dj5xe1q0r9c
  onboarding invitations show --local 2dj5xe1q0r9c | jq -r .status

Exit codes: 0 shown, 1 Logto or AWS failed, 2 something is wrong with the command or Logto holds no such
invitation.`,
    )
    .action(async (id: string, options: TargetOptions) => {
      const invitation = await readInvitation(id, options);
      console.log(JSON.stringify(withTimes(invitation), undefined, 2));
    });

/** @throws UsageError when Logto has no such invitation. */
export async function readInvitation(id: string, options: TargetOptions): Promise<Invitation> {
  try {
    return await openLogto(await findTarget(options)).invitations.get(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new UsageError(`Logto holds no invitation ${id}: see onboarding invitations list.`);
  }
}

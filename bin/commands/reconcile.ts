import { Command, InvalidArgumentError, Option } from "commander";
import * as v from "valibot";
import { timestamp } from "../../lib/events/fields.ts";
import type { ReconcileAnswer } from "../../lib/reconcile/answer.ts";
import { readDeclaration } from "../../lib/reconcile/declaration-file.ts";
import { InvalidOptionsError, parseOptions } from "../../lib/reconcile/options.ts";
import { type ReconcilePolicy, reconcilePolicy } from "../../lib/reconcile/policy.ts";
import { type Declaration, DeclarationError } from "../../lib/role-scopes/declaration.ts";
import { settingsReader } from "../../lib/runtime/settings.ts";
import { table } from "../../local/table.ts";
import { openLogto } from "../logto.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { showProgress } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

type Options = TargetOptions & {
  readonly dryRun?: boolean;
  readonly only?: string;
  readonly allowRemovals?: number;
  readonly since?: string;
  readonly until?: string;
  readonly createdBefore?: string;
  readonly json?: boolean;
};

/** `onboarding reconcile`: what the schedule does, now and from here. */
export const reconcileCommand = (): Command =>
  withTarget(new Command("reconcile"))
    .option("--dry-run", "publish nothing, only tell")
    .addOption(new Option("--only <what>", "one part").choices(["role-scopes", "invitations"]))
    .option("--allow-removals <number>", "so many scopes may be removed", wholeNumber)
    .option("--since <time>", "send the reminders that were due after this RFC 3339 time", time)
    .option("--until <time>", "and not after this one, else the last scheduled time", time)
    .option("--created-before <time>", "and only of invitations created before this", time)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
It does here what the function does by schedule, with the settings of the deployed function where a
stage is named and the role-scopes.yml of the working directory. Events are published to the queues;
running it twice repeats nothing.

Examples:
  onboarding reconcile --local --dry-run
  onboarding reconcile --stage prod --only role-scopes --allow-removals 12
  onboarding reconcile --stage prod --only invitations --since 2026-03-01T02:00:00Z --until 2026-03-01T03:00:00Z

Exit codes: 0 done, 1 Logto or AWS failed, the plan was refused or something is left to do, 2 something is
wrong with the command or the declaration; nothing was published.`,
    )
    .action(run);

async function run(options: Options): Promise<void> {
  const { local: _local, stage, region: _region, json, ...asked } = options;
  checkTimes(options);
  const parsed = orUsageError(() => parseOptions(asked));
  const target = await findTarget(options);
  const sqs = await target.openSqs();
  try {
    const policy = reconcilePolicy(
      settingsReader({ ...target.environment, ...(await deployedSettings(stage)) }),
    );
    const declaration = declarationOf(policy);
    // Loaded where it is needed: help does without.
    const { reconcile } = await import("../../lib/reconcile/run.ts");
    const work = reconcile(parsed, {
      logto: openLogto(target),
      policy,
      declaration,
      sqs: async () => sqs,
      queueUrls: {
        invitations: target.queueUrl("invitations"),
        "role-scopes": target.queueUrl("role-scopes"),
      },
      now: Date.now,
      endBy: Date.now() + PATIENCE_MS,
      onProgress: (read) => showProgress(`${read} invitations read`),
    });
    const answer = await work.catch(rethrow);
    showProgress("");
    console.log(json ? JSON.stringify(answer, undefined, 2) : asText(answer));
    if (!answer.complete || answer.roleScopes?.refused !== undefined) process.exitCode = 1;
  } finally {
    sqs.destroy();
  }
}

/** Ctrl-C ends it sooner; what was published by then is whole. */
const PATIENCE_MS = 3_600_000;

async function deployedSettings(stage: string | undefined) {
  if (stage === undefined) return {};
  const { functionEnvironment } = await import("../stage.ts");
  return functionEnvironment(stage, "reconcile");
}

/** @throws UsageError when the file cannot be read, or with all that is wrong in it. */
function declarationOf({ roleScopesFile }: ReconcilePolicy): Declaration | undefined {
  try {
    return orUsageError(() => readDeclaration(roleScopesFile));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error && "code" in error ? error.code : error;
    throw new UsageError(
      `${roleScopesFile} cannot be read (${reason}): check the path, or ROLE_SCOPES_FILE. Nothing was published.`,
    );
  }
}

function orUsageError<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    return rethrow(error);
  }
}

/** What the user can mend is told as that. */
function rethrow(error: unknown): never {
  const isUsers = error instanceof InvalidOptionsError || error instanceof DeclarationError;
  throw isUsers ? new UsageError(`${error.message}\nNothing was published.`) : error;
}

function checkTimes({ since, until, createdBefore }: Options): void {
  if (since !== undefined || (until === undefined && createdBefore === undefined)) return;
  const given = until === undefined ? "--created-before" : "--until";
  throw new UsageError(`${given} goes with --since: give both. Nothing was published.`);
}

function time(text: string): string {
  if (v.is(timestamp(), text)) return text;
  throw new InvalidArgumentError("Give a time with its zone, such as 2026-01-31T09:00:00Z.");
}

function asText(answer: ReconcileAnswer): string {
  const { roleScopes, invitations, published, dryRun, notes, failed } = answer;
  const rows = Object.entries(published).map(([type, count]) => [type, String(count)]);
  const drifted = (roleScopes?.drifted ?? []).flatMap(({ role, changes, leftAlone }) => [
    `~ ${role}${leftAlone === undefined ? "" : `: left alone. ${leftAlone}`}`,
    ...changes.map((change) => `    ${change}`),
  ]);
  const problems = [roleScopes?.refused, roleScopes?.failed, invitations?.failed, failed].filter(
    (problem) => problem !== undefined,
  );
  const told = dryRun ? "would be published" : "published";
  return [
    drifted,
    rows.length === 0
      ? [dryRun ? "Nothing would be published." : "Nothing was to be done."]
      : [table([["event", told], ...rows])],
    [...problems, ...notes],
  ]
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n");
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

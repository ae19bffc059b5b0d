import { readFileSync } from "node:fs";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { Command, InvalidArgumentError } from "commander";
import type { ActResult } from "../../lib/dead-letters/act.ts";
import type { DeadLetterFilter } from "../../lib/dead-letters/filter.ts";
import type { QueuePair } from "../../lib/dead-letters/queue.ts";
import { QUEUE_NAMES } from "../../lib/events/queue-name.ts";
import { declaredRoleNames } from "../../lib/role-scopes/declared-role-names.ts";
import { parseDurationSeconds } from "../../lib/runtime/duration.ts";
import { table } from "../../local/table.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { askLeave, interrupted, showProgress } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

type FilterOptions = TargetOptions & {
  json?: boolean;
  reason?: string;
  type?: string;
  organization?: string;
  event?: string;
  olderThan?: number;
  newerThan?: number;
};

type ActOptions = FilterOptions & { dryRun?: boolean };

/** `onboarding dead-letters …`: what was given up, why, and what to do with it. */
export const deadLettersCommand = (): Command =>
  new Command("dead-letters")
    .addCommand(
      withFilter(new Command("list"))
        .description("Count the dead letters by reason.")
        .addHelpText("after", help("list --local", "list --stage prod --organization acme --json"))
        .action(list),
    )
    .addCommand(
      withTarget(new Command("show"))
        .description("Show a dead letter whole. It holds the invitee's address.")
        .argument("<id>", "event id or message id")
        .option("--json", "print JSON, as it does anyhow")
        .addHelpText("after", help("show --local 2f0c9e6e-acme-ada"))
        .action(show),
    )
    .addCommand(
      withFilter(new Command("redrive"))
        .description("Send dead letters to their queue again.")
        .option("--dry-run", "only count")
        .option("--per-second <number>", "letters sent per second", rate, 10)
        .option("--whole-state", "also role-scopes.replace and sync, which may undo newer ones")
        .addHelpText(
          "after",
          help(
            "redrive --stage prod --reason email-provider-failed --dry-run",
            "redrive --stage prod --newer-than PT12H --per-second 5",
          ),
        )
        .action(redrive),
    )
    .addCommand(
      withFilter(new Command("discard"))
        .description("Delete dead letters for good.")
        .option("--dry-run", "only count")
        .option("--yes", "do not ask")
        .addHelpText("after", help("discard --stage prod --reason expired --older-than P3D"))
        .action(discard),
    )
    .addHelpText(
      "after",
      `
Examples:
  onboarding dead-letters list
  onboarding dead-letters show 2f0c9e6e-acme-ada
  onboarding dead-letters redrive --reason email-provider-failed --dry-run
  onboarding dead-letters discard --reason expired --older-than P3D
${EXIT_CODES}`,
    );

const EXIT_CODES = `
Exit codes: 0 done, 1 SQS failed, 2 something is wrong with the command; nothing changed.`;

const help = (...examples: readonly string[]): string =>
  [
    "",
    "Examples:",
    ...examples.map((example) => `  onboarding dead-letters ${example}`),
    EXIT_CODES,
  ].join("\n");

/** Loaded where they are needed: help does without. */
const acting = () => import("../../lib/dead-letters/act.ts");
const listing = () => import("../../lib/dead-letters/list.ts");

const withFilter = (command: Command): Command =>
  withTarget(command)
    .option("--json", "print JSON")
    .option("--reason <reason>", "only this reason")
    .option("--type <type>", "only this event type")
    .option("--organization <id>", "only this organization")
    .option("--event <id>", "only this event id")
    .option("--older-than <duration>", "given up at least so long ago, such as PT12H", duration)
    .option("--newer-than <duration>", "given up at most so long ago", duration);

async function list(options: FilterOptions): Promise<void> {
  const { sqs, pairs } = await open(options);
  const { listDeadLetters } = await listing();
  const { groups, notSeen } = await listDeadLetters(sqs, pairs, filterOf(options));
  if (options.json) {
    console.log(JSON.stringify({ groups, notSeen }, undefined, 2));
    return;
  }
  if (groups.length === 0)
    console.log(`No dead letters${isFiltered(options) ? " of that kind" : ""}.`);
  else {
    const rows = groups.map((group) => [
      group.queue,
      group.reason,
      String(group.count),
      group.oldestFailedAt,
      group.eventIds[0] ?? "",
    ]);
    console.log(table([["queue", "reason", "count", "oldest given up", "its event"], ...rows]));
  }
  tellNotSeen(notSeen);
}

async function show(id: string, options: TargetOptions): Promise<void> {
  const { sqs, pairs } = await open(options);
  const { findDeadLetters } = await listing();
  const found = await findDeadLetters(sqs, pairs, id);
  if (found.length === 0)
    throw new UsageError(`There is no dead letter ${id}: see dead-letters list.`);
  for (const { receiptHandle: _, event: __, ...letter } of found) {
    console.log(JSON.stringify(withTimes(letter), undefined, 2));
  }
}

async function redrive(
  options: ActOptions & { perSecond: number; wholeState?: boolean },
): Promise<void> {
  const { sqs, pairs } = await open(options);
  const { redriveDeadLetters } = await acting();
  const result = await redriveDeadLetters(sqs, pairs, {
    filter: filterOf(options),
    dryRun: options.dryRun ?? false,
    wholeState: options.wholeState ?? false,
    perSecond: options.perSecond,
    signal: interrupted(),
    onProgress: progress("redriven"),
  });
  tell(result, options, options.dryRun ? "would be redriven" : "redriven");
  if (result.leftOut > 0 && !options.json) tellWholeState(result);
}

async function discard(options: ActOptions & { yes?: boolean }): Promise<void> {
  const { sqs, pairs } = await open(options);
  const { discardDeadLetters } = await acting();
  const filter = filterOf(options);
  const look = { filter, dryRun: true };
  const dryRun = options.dryRun ?? false;
  if (!dryRun && !options.yes) {
    const { done } = await discardDeadLetters(sqs, pairs, look);
    await askLeave(
      `Delete ${done} dead ${done === 1 ? "letter" : "letters"} for good?`,
      "Nothing was deleted.",
    );
  }
  const act = { filter, dryRun, signal: interrupted(), onProgress: progress("deleted") };
  const result = await discardDeadLetters(sqs, pairs, act);
  tell(result, options, dryRun ? "would be deleted" : "deleted");
}

async function open(
  options: TargetOptions,
): Promise<{ sqs: SQSClient; pairs: readonly QueuePair[] }> {
  const { openSqs, queueUrl } = await findTarget(options);
  const pairs = QUEUE_NAMES.map((name) => ({
    name,
    queueUrl: queueUrl(name),
    deadLetterQueueUrl: queueUrl(`${name}-dead-letters`),
  }));
  return { sqs: await openSqs(), pairs };
}

const filterOf = (options: FilterOptions): DeadLetterFilter => ({
  reason: options.reason,
  type: options.type,
  organizationId: options.organization,
  eventId: options.event,
  olderThanSeconds: options.olderThan,
  newerThanSeconds: options.newerThan,
});

const isFiltered = (options: FilterOptions): boolean =>
  Object.values(filterOf(options)).some((wanted) => wanted !== undefined);

function tell(result: ActResult, { json }: FilterOptions, what: string): void {
  if (json) {
    console.log(JSON.stringify(result, undefined, 2));
    return;
  }
  const none = result.done === 0 && result.seen > 0 && result.leftOut === 0;
  const why = none ? ": none is of that kind, see dead-letters list" : "";
  console.log(`${result.done} of ${result.seen} dead letters ${what}${why}.`);
  tellNotSeen(result.notSeen);
}

function tellNotSeen(notSeen: number): void {
  if (notSeen === 0) return;
  console.log(
    `${notSeen} more were not looked at: they stand behind others, or are held by another reader.`,
  );
}

/** What writes a whole state is left out, and where its role is declared there is a better way. */
function tellWholeState({ leftOut, leftOutRoles }: ActResult): void {
  const declared = declaredRoles().filter((role) => leftOutRoles.includes(role));
  console.log(
    `${leftOut} were left out: they write the whole state of a role, and an old one may undo a newer one. ` +
      "Send them again with --whole-state if that is what you want.",
  );
  if (declared.length > 0) {
    console.log(`Declared in role-scopes.yml, so reconcile instead: ${declared.join(", ")}.`);
  }
}

/** A file that cannot be read is the business of the commands that work with it. */
function declaredRoles(): readonly string[] {
  try {
    return declaredRoleNames(readFileSync("role-scopes.yml", "utf8"));
  } catch {
    return [];
  }
}

const withTimes = <Letter extends object>(letter: Letter): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(letter).map(([name, value]) => [
      name,
      name.endsWith("At") && typeof value === "number" ? new Date(value).toISOString() : value,
    ]),
  );

const progress =
  (what: string) =>
  ({ done, seen }: { readonly done: number; readonly seen: number }): void =>
    showProgress(`${done} ${what}, ${seen} looked at`);

function duration(text: string): number {
  const seconds = parseDurationSeconds(text);
  if (seconds === undefined)
    throw new InvalidArgumentError("Give an ISO 8601 duration, such as PT12H.");
  return seconds;
}

function rate(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 1000))
    throw new InvalidArgumentError("Give a number from 0.1 to 1000.");
  return value;
}

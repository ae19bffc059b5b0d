import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { ActResult } from "../../lib/dead-letters/act.ts";
import { inWords } from "../../lib/dead-letters/census.ts";
import { declaredRoleNames } from "../../lib/role-scopes/declared-role-names.ts";
import {
  examples,
  type FilterOptions,
  filterOf,
  openDeadLetters,
  orMisspelt,
  tellNotSeen,
  thereAre,
  withFilter,
} from "../dead-letter-options.ts";
import { askLeave, interrupted, showProgress } from "../terminal.ts";

type ActOptions = FilterOptions & { readonly dryRun?: boolean };

/** What a shell says of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const EXIT_CODES = `
Exit codes: 0 done, 1 AWS failed or some could not be looked at, 2 something is wrong with the command and
nothing changed, 130 interrupted by Ctrl-C.`;

export const redriveCommand = (): Command =>
  withFilter(new Command("redrive"))
    .description("Send dead letters to their queue again.")
    .option("--dry-run", "only count")
    .option("--per-second <number>", "letters sent per second", rate, 10)
    .option("--whole-state", "also role-scopes.replace and sync, which may undo newer ones")
    .addHelpText(
      "after",
      `${examples(
        "redrive --stage prod --reason email-provider-failed --dry-run",
        "redrive --stage prod --newer-than 12h --per-second 5",
      )}
Letters whose reason lies in the message itself, such as invalid-data, would come back: they are left out
unless --reason or --event names them.
${EXIT_CODES}`,
    )
    .action(redrive);

export const discardCommand = (): Command =>
  withFilter(new Command("discard"))
    .description("Delete dead letters for good.")
    .option("--dry-run", "only count")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      `${examples("discard --stage prod --reason expired --older-than 3d")}${EXIT_CODES}`,
    )
    .action(discard);

/** Loaded where it is needed: help does without. */
const acting = () => import("../../lib/dead-letters/act.ts");

async function redrive(
  options: ActOptions & { perSecond: number; wholeState?: boolean },
): Promise<void> {
  const { sqs, pairs } = await openDeadLetters(options);
  const { redriveDeadLetters } = await acting();
  const signal = interrupted();
  const working = redriveDeadLetters(sqs, pairs, {
    filter: filterOf(options),
    dryRun: options.dryRun ?? false,
    wholeState: options.wholeState ?? false,
    perSecond: options.perSecond,
    signal,
    onProgress: progress("redriven"),
  });
  const result = await orMisspelt(working);
  tell(result, options, options.dryRun ? "would be redriven" : "redriven", signal);
  if (options.json) return;
  if (result.hopeless > 0) tellHopeless(result.hopeless);
  if (result.leftOut > 0) tellWholeState(result);
}

async function discard(options: ActOptions & { yes?: boolean }): Promise<void> {
  const { sqs, pairs } = await openDeadLetters(options);
  const { discardDeadLetters } = await acting();
  const filter = filterOf(options);
  const dryRun = options.dryRun ?? false;
  if (!dryRun && !options.yes) {
    const { done } = await orMisspelt(discardDeadLetters(sqs, pairs, { filter, dryRun: true }));
    await askLeave(`Delete ${counted(done)} for good?`, "Nothing was deleted.");
  }
  const signal = interrupted();
  const act = { filter, dryRun, signal, onProgress: progress("deleted") };
  const result = await orMisspelt(discardDeadLetters(sqs, pairs, act));
  tell(result, options, dryRun ? "would be deleted" : "deleted", signal);
}

const counted = (letters: number): string =>
  `${letters} dead ${letters === 1 ? "letter" : "letters"}`;

/** Says what was done. What is left to look at is told by the exit code as well. */
function tell(result: ActResult, options: ActOptions, what: string, signal: AbortSignal): void {
  const { done, seen, reasons, there, notSeen } = result;
  if (signal.aborted) process.exitCode = INTERRUPTED;
  else if (notSeen > 0) process.exitCode = 1;
  if (options.json) {
    console.log(JSON.stringify(result, undefined, 2));
    return;
  }
  const none = done === 0 && seen > 0 && result.leftOut + result.hopeless === 0;
  const why = none
    ? `: none is of that kind.${thereAre(there.reasons)}`
    : `${options.dryRun && done > 0 ? `: ${inWords(reasons)}` : ""}.`;
  console.log(`${done} of ${counted(seen)} ${what}${why}`);
  tellNotSeen(notSeen);
}

const tellHopeless = (hopeless: number): void =>
  console.log(
    `${hopeless} were left out: their reason lies in the message itself, so they would come back. ` +
      "Name them with --reason or --event to send them all the same; see dead-letters list.",
  );

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

const progress =
  (what: string) =>
  ({ done, seen }: { readonly done: number; readonly seen: number }): void =>
    showProgress(`${done} ${what}, ${seen} looked at`);

function rate(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 1000))
    throw new InvalidArgumentError("Give a number from 0.1 to 1000.");
  return value;
}

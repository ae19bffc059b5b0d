import { isDeepStrictEqual } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import { type Applied, applyPlan } from "../../lib/role-scopes/apply.ts";
import { parseDeclaration } from "../../lib/role-scopes/declaration.ts";
import { leftOutOfExport } from "../../lib/role-scopes/export.ts";
import { observe } from "../../lib/role-scopes/observe.ts";
import { type Plan, plan } from "../../lib/role-scopes/plan.ts";
import { printPlan, summaryOf } from "../../lib/role-scopes/print-plan.ts";
import { refusedRemovals } from "../../lib/role-scopes/removal-guard.ts";
import { DECLARATION_FILE, exportedText, readDeclaration } from "../declaration-file.ts";
import { openLogto } from "../logto.ts";
import { replaceFile } from "../replace-file.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { askLeave, interrupted, showProgress } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

type FileOptions = TargetOptions & { readonly file: string };

type PlanOptions = FileOptions & { readonly json?: boolean; readonly allowRemovals?: number };

/** What a shell says of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const EXIT_CODES = `
Exit codes: 0 done, 1 Logto or AWS failed, 2 something is wrong with the file or the command, or a name is
not in Logto.`;

const PLAN_EXIT_CODES = `${EXIT_CODES}
With --detailed-exitcode: 0 no changes, 2 changes, 1 all that is wrong.`;

const APPLY_EXIT_CODES = `
Exit codes:
  0    done
  1    Logto or AWS failed; apply says how many roles are done, and repeating it does the rest
  2    something is wrong with the file or the command, a name is not in Logto, or apply refuses; nothing changed
  130  Ctrl-C ended apply between two roles`;

export const planCommand = (): Command =>
  withPlan(new Command("plan"))
    .description("Show what apply would change.")
    .option("--detailed-exitcode", "0 no changes, 2 changes, 1 any error")
    .addHelpText(
      "after",
      `
Examples:
  onboarding roles plan --stage prod
  onboarding roles plan --stage prod --detailed-exitcode
  onboarding roles plan --local --file staging/role-scopes.yml --json
${PLAN_EXIT_CODES}`,
    )
    .action(showPlan);

export const applyCommand = (): Command =>
  withPlan(new Command("apply"))
    .description("Change what Logto holds to what is declared, one call for each role.")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      `
Examples:
  onboarding roles apply --local
  onboarding roles apply --stage prod --yes --allow-removals 12
${APPLY_EXIT_CODES}`,
    )
    .action(apply);

export const exportCommand = (): Command =>
  withFile(new Command("export"))
    .description("Write the file from what Logto holds. Its comments, order and prune stay.")
    .option("--stdout", "print it, and leave the file as it is")
    .addHelpText(
      "after",
      `
Examples:
  onboarding roles export --stage prod
  onboarding roles export --local --stdout
${EXIT_CODES}`,
    )
    .action(writeFile);

const withFile = (command: Command): Command =>
  withTarget(command).option("--file <path>", "the declaration", DECLARATION_FILE);

const withPlan = (command: Command): Command =>
  withFile(command)
    .option("--json", "print JSON")
    .option("--allow-removals <number>", "so many scopes may be removed", wholeNumber);

async function showPlan(options: PlanOptions & { detailedExitcode?: boolean }): Promise<void> {
  const declared = await readDeclaration(options.file);
  const made = plan(declared, await observe(openLogto(await findTarget(options))));
  const refusal = refusalOf(made, options);
  show(made, options, refusal === undefined ? {} : { refusal });
  if (refusal !== undefined && !options.json) console.error(`apply will refuse this: ${refusal}`);
  const unresolved = unresolvedNames(made);
  if (unresolved !== undefined) throw new UsageError(unresolved);
  if (options.detailedExitcode && summaryOf(made).changed > 0) process.exitCode = 2;
}

async function apply(options: PlanOptions & { yes?: boolean }): Promise<void> {
  if (options.json && !options.yes) {
    throw new UsageError("--json shows no plan to agree to: say --yes as well.");
  }
  const declared = await readDeclaration(options.file);
  const logto = openLogto(await findTarget(options));
  const observed = await observe(logto);
  const made = plan(declared, observed);
  if (!options.json) show(made, options);
  const refusal = unresolvedNames(made) ?? refusalOf(made, options);
  if (refusal !== undefined) throw new UsageError(`${refusal} Nothing was changed.`);
  const { assign, remove, changed } = summaryOf(made);
  if (changed > 0 && !options.yes) {
    const question = `Assign ${assign} and remove ${remove} scopes, in ${counted(changed)}?`;
    await askLeave(question, "Nothing was changed.");
    // Whoever was asked took their time, and a role's scopes are written as a whole.
    if (!isDeepStrictEqual(plan(declared, await observe(logto)), made)) {
      throw new UsageError("Logto has changed since the plan: look again. Nothing was changed.");
    }
  }
  const applied = await applyPlan(made, observed, logto, {
    signal: interrupted(),
    onProgress: ({ changed: done, of }) => showProgress(`${done} of ${counted(of)}`),
  });
  showProgress("");
  if (options.json) show(made, options, { applied });
  else if (applied.of > 0) console.log(`\n${applied.changed} of ${counted(applied.of)} changed.`);
  if (applied.changed === applied.of) return;
  console.error(
    `Stopped after ${applied.changed} of ${counted(applied.of)}: run it again for the rest.`,
  );
  process.exitCode = INTERRUPTED;
}

async function writeFile(options: FileOptions & { stdout?: boolean }): Promise<void> {
  const { file } = options;
  const observed = await observe(openLogto(await findTarget(options)));
  const { before, after } = await exportedText(file, observed);
  if (options.stdout) process.stdout.write(after);
  else if (after === before) console.log(`${file} says what Logto holds already.`);
  else {
    await replaceFile(file, after);
    const { roles } = parseDeclaration(after, file);
    const scopes = roles.flatMap(({ resources }) => [...resources.values()].flat()).length;
    console.log(`Wrote ${file}: ${counted(roles.length)} with ${scopes} scopes.`);
  }
  for (const indicator of leftOutOfExport(observed)) {
    console.error(
      `${JSON.stringify(indicator)} was left out: a resource is declared by an absolute URI.`,
    );
  }
}

/** What else is there to say about a plan, in JSON. */
type More = { readonly refusal?: string; readonly applied?: Applied };

function show(made: Plan, { json }: PlanOptions, more: More = {}): void {
  if (json)
    console.log(JSON.stringify({ summary: summaryOf(made), ...made, ...more }, undefined, 2));
  else console.log(printPlan(made, { colors: process.stdout.isTTY && process.stdout.hasColors() }));
}

function refusalOf(made: Plan, { allowRemovals }: PlanOptions): string | undefined {
  const refusal = refusedRemovals(made, allowRemovals);
  return refusal && `${refusal} That is --allow-removals ${summaryOf(made).remove}.`;
}

function unresolvedNames({ unresolved }: Plan): string | undefined {
  if (unresolved.length === 0) return undefined;
  const names = unresolved.length === 1 ? "1 name is" : `${unresolved.length} names are`;
  return `${names} not in Logto: correct the file, or create what it names there first.`;
}

const counted = (roles: number): string => `${roles} ${roles === 1 ? "role" : "roles"}`;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

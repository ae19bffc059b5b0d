import { Command } from "commander";
import type { DeadLetterLine } from "../../lib/dead-letters/list.ts";
import { table } from "../../local/table.ts";
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
import { type TargetOptions, withTarget } from "../target.ts";
import { showProgress } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

type ListOptions = FilterOptions & { readonly all?: boolean };

export const listCommand = (): Command =>
  withFilter(new Command("list"))
    .description("Count the dead letters by reason, or show each with what it was told.")
    .option("--all", "a line for each letter, as with --invitee and --event")
    .addHelpText(
      "after",
      `${examples(
        "list --local",
        "list --stage prod --invitee ada@example.com",
        "list --stage prod --organization acme --json",
      )}
Exit codes: 0 listed, also where some could not be looked at, 1 AWS failed, 2 something is wrong with the
command.`,
    )
    .action(list);

export const showCommand = (): Command =>
  withTarget(new Command("show"))
    .description("Show a dead letter whole. It holds the invitee's address.")
    .argument("<id>", "event id or message id")
    .option("--json", "print JSON, as it does anyhow")
    .addHelpText(
      "after",
      `${examples("show --local 2f0c9e6e-acme-ada")}
It prints a list: an event may have been given up more than once.

Exit codes: 0 shown, 1 AWS failed, 2 something is wrong with the command or there is no such letter.`,
    )
    .action(show);

/** Loaded where it is needed: help does without. */
const listing = () => import("../../lib/dead-letters/list.ts");

const READING = "Reading the dead letters…";

async function list(options: ListOptions): Promise<void> {
  const { sqs, pairs } = await openDeadLetters(options);
  const { listDeadLetters } = await listing();
  const filter = filterOf(options);
  const all = options.all ?? (filter.invitee !== undefined || filter.eventId !== undefined);
  showProgress(READING);
  const found = await orMisspelt(listDeadLetters(sqs, pairs, filter, all));
  showProgress("");
  const { groups, letters, there, notSeen } = found;
  if (options.json) {
    console.log(JSON.stringify(found, undefined, 2));
    return;
  }
  if (groups.length === 0) {
    const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined);
    console.log(`No dead letters${isFiltered ? " of that kind" : ""}.${thereAre(there.reasons)}`);
  } else if (letters !== undefined) console.log(linesOf(letters));
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

/** Dead letters as a table, a line for each, with what it was told at its end. */
export const linesOf = (letters: readonly DeadLetterLine[]): string =>
  table([
    ["given up", "organization", "event", "reason", "says"],
    ...letters.map((letter) => [
      letter.failedAt,
      letter.organizationId ?? "-",
      letter.eventId,
      letter.reason,
      letter.sentence,
    ]),
  ]);

async function show(id: string, options: TargetOptions): Promise<void> {
  const { sqs, pairs } = await openDeadLetters(options);
  const { findDeadLetters } = await listing();
  showProgress(READING);
  const found = await findDeadLetters(sqs, pairs, id);
  showProgress("");
  if (found.length === 0)
    throw new UsageError(`There is no dead letter ${id}: see dead-letters list.`);
  const letters = found.map(({ receiptHandle: _, event: __, ...letter }) => ({
    ...withTimes(letter),
    event: parsed(letter.body),
  }));
  console.log(JSON.stringify(letters, undefined, 2));
}

/** The body to read; what is no JSON stands in `body` only. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const withTimes = <Letter extends object>(letter: Letter): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(letter).map(([name, value]) => [
      name,
      name.endsWith("At") && typeof value === "number" ? new Date(value).toISOString() : value,
    ]),
  );

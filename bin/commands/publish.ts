import { Command, Option } from "commander";
import { formats } from "../publish/format.ts";
import { batchName, type PublishOptions, time, wholeNumber } from "../publish/options.ts";
import { withTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";

/** `onboarding publish <file|->`: all events of a file, checked before any is sent. */
export const publishCommand = (): Command =>
  withTarget(new Command("publish"))
    .argument("<file>", "the file, or - for standard input")
    .addOption(new Option("--format <format>", "not what the file's name says").choices(formats))
    .option("--batch <name>", "what the rows of a CSV get their event ids from", batchName)
    .option("--time <time>", "when it was asked for, where events have no time", time)
    .option("--new-ids", "give each event a new id, so that it is published again")
    .option("--skip-invalid", "publish the good events of a file with bad ones")
    .option("--rejects <file>", "where the bad ones go, else <file>.rejects.ndjson")
    .option("--concurrency <number>", "calls to SQS at once", wholeNumber(1, 50), 8)
    .option("--from-line <number>", "begin at this line", wholeNumber(1, 2 ** 31))
    .option("--dry-run", "only check and count")
    .option("--json", "print a summary as JSON, with the ids of up to 1,000 events")
    .addHelpText("after", HELP)
    .allowExcessArguments()
    .action(publish);

const HELP = `
JSON is one event or a list, NDJSON has one event on each line. A CSV invites: its first line names its
columns, organizationId, invitee and, if wanted, roles (separated by ;), inviterId, expiresIn, locale, link.

Nothing is sent before the whole file was checked. Publishing again repeats nothing:
- SQS drops the same source and id within five minutes. Later the function that carries out an event
  finds by its id and time what was done; an event without a time gets that of the run, or --time.
- A row of a CSV gets its id from the batch's name, organizationId and invitee, so rows may be added,
  removed and sorted: a batch invites a person into an organization once. All runs of a batch have the
  time of the first one, kept in <name>.batch.json beside the file. Keep it. Expiry counts from that time.

Ctrl-C finishes the calls under way and prints the command with which to go on.

Examples:
  onboarding publish --local events/invitation.create.json
  onboarding publish customers.csv --batch spring-2026 --dry-run
  onboarding publish customers.csv --batch spring-2026 --skip-invalid
  zcat events.ndjson.gz | onboarding publish -

Exit codes: 0 published, 1 SQS failed, 2 something is wrong with the file or the command and nothing was
sent, 130 interrupted.`;

async function publish(
  file: string,
  options: PublishOptions,
  { args: { length: files } }: Command,
): Promise<void> {
  if (files > 1) {
    throw new UsageError(
      `One file is published at a time, and ${files} are given: run the command for each. Nothing was sent.`,
    );
  }
  // Loaded where it is needed: help does without.
  const { publishFile } = await import("../publish/run.ts");
  // Behind node, the program and the name of this command.
  process.exitCode = await publishFile(file, options, process.argv.slice(3));
}

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { type EventMessage, eventMessage } from "../../lib/events/message.ts";
import { publishEvents } from "../../lib/events/publish.ts";
import { jsonProblem } from "../json-problem.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";

type Options = TargetOptions & { newIds?: boolean };

/** `onboarding publish <file|->`: one event or a list of them, all checked before any is sent. */
export const publishCommand = (): Command =>
  withTarget(new Command("publish"))
    .description("Check the events of a JSON file, one or a list, and publish them.")
    .argument("<file>", "the file, or - for standard input")
    .option("--new-ids", "give each event a new id, so that a file can be published again")
    .addHelpText(
      "after",
      `
SQS drops a repeat of the same source and id within five minutes, and after that it changes nothing.

Examples:
  onboarding publish --local events/invitation.create.json
  INVITATIONS_QUEUE_URL=https://sqs… onboarding publish customers.json
  jq … | onboarding publish -

Exit codes: 0 published, 1 SQS failed, 2 something is wrong with the file or the command; nothing sent.`,
    )
    .action(publish);

async function publish(file: string, options: Options): Promise<void> {
  const events = parseList(file, await read(file));
  const messages = checked(file, options.newIds ? events.map(withNewId) : events);
  const { sqs, queueUrl } = await findTarget(options);
  const byQueue = [...Map.groupBy(messages, ({ queue }) => queue)].map(
    ([queue, own]) => [queueUrl(queue), own] as const,
  );
  try {
    for (const [url, own] of byQueue) await publishEvents(sqs, url, own);
  } finally {
    sqs.destroy();
  }
  console.log(`Published ${messages.length} ${messages.length === 1 ? "event" : "events"}.`);
}

async function read(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    throw new UsageError(`${file} cannot be read (${reason}): check the path. Nothing was sent.`);
  }
}

function parseList(file: string, content: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(content.replace(/^\uFEFF/, ""));
    return Array.isArray(value) ? value : [value];
  } catch {
    throw new UsageError(`${nameOf(file)}${jsonProblem(content)} Nothing was sent.`);
  }
}

function checked(file: string, events: readonly unknown[]): readonly EventMessage[] {
  if (events.length === 0)
    throw new UsageError(`${nameOf(file)}: the list is empty, nothing was sent.`);
  const messages: EventMessage[] = [];
  const complaints: string[] = [];
  for (const [index, event] of events.entries()) {
    const checkedEvent = eventMessage(event, Date.now());
    if (checkedEvent.ok) {
      messages.push(checkedEvent.message);
      continue;
    }
    const where = `${nameOf(file)}${events.length === 1 ? "" : `[${index}]`}`;
    for (const { path, message } of checkedEvent.problems) {
      complaints.push(`${where}: ${path === "" ? "the event" : path} ${message}`);
    }
  }
  if (complaints.length > 0) {
    throw new UsageError(
      `${complaints.join("\n")}\nNothing was sent: mend the file and try again.`,
    );
  }
  return messages;
}

const nameOf = (file: string): string => (file === "-" ? "standard input" : file);

const withNewId = (event: unknown): unknown =>
  typeof event === "object" && event !== null ? { ...event, id: randomUUID() } : event;

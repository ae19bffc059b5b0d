import type { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { describeIssue, problemsSentence } from "../events/problem.ts";
import { parseDurationSeconds } from "../runtime/duration.ts";
import { type ActResult, discardDeadLetters, redriveDeadLetters } from "./act.ts";
import { UnknownFilterError } from "./census.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { type DeadLetterList, findDeadLetters, listDeadLetters } from "./list.ts";
import type { QueuePair } from "./queue.ts";

/** The payload is no command. The message says what is wrong with it. */
export class InvalidCommandError extends Error {
  override readonly name = "InvalidCommandError";
}

/** What a command answers. */
export type CommandAnswer =
  | DeadLetterList
  | ActResult
  | readonly (DeadLetter & { readonly queue: string })[];

const age = v.optional(
  v.pipe(
    v.string(),
    v.transform(parseDurationSeconds),
    v.number("must be an ISO 8601 duration such as PT12H"),
  ),
);

const filter = {
  reason: v.optional(v.string()),
  type: v.optional(v.string()),
  organizationId: v.optional(v.string()),
  invitee: v.optional(v.string()),
  eventId: v.optional(v.string()),
  olderThan: age,
  newerThan: age,
};

const perSecond = v.optional(
  v.pipe(
    v.number(),
    v.minValue(0.1, "must be at least 0.1"),
    v.maxValue(1000, "must be at most 1000"),
  ),
  10,
);

const command = v.variant("action", [
  v.strictObject({ action: v.literal("list"), ...filter, all: v.optional(v.boolean(), false) }),
  v.strictObject({ action: v.literal("show"), id: v.string() }),
  v.strictObject({
    action: v.literal("redrive"),
    ...filter,
    dryRun: v.optional(v.boolean(), false),
    wholeState: v.optional(v.boolean(), false),
    perSecond,
  }),
  v.strictObject({
    action: v.literal("discard"),
    ...filter,
    dryRun: v.optional(v.boolean(), false),
    /** Deleting is for good, so it has to be said. */
    yes: v.optional(v.boolean(), false),
  }),
]);

/**
 * Runs a command on the dead letters: `list`, `show`, `redrive` or `discard`, with the options of the
 * command line. A misspelt option is an error.
 *
 * @param signal ends the work in time; what was not reached stays in the dead letters.
 * @throws InvalidCommandError
 */
export async function runDeadLetterCommand(
  payload: unknown,
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  signal: AbortSignal,
): Promise<CommandAnswer> {
  const output = parseCommand(payload);
  try {
    return await carryOut(output, sqs, pairs, signal);
  } catch (error) {
    throw error instanceof UnknownFilterError ? new InvalidCommandError(error.message) : error;
  }
}

type DeadLetterCommand = v.InferOutput<typeof command>;

function parseCommand(payload: unknown): DeadLetterCommand {
  const parsed = v.safeParse(command, payload);
  if (!parsed.success) {
    const problems = problemsSentence(parsed.issues.map(describeIssue));
    throw new InvalidCommandError(
      `This is no command for the dead letters: ${problems} Give { "action": "list" | "show" | "redrive" | "discard", … }.`,
    );
  }
  return parsed.output;
}

async function carryOut(
  output: DeadLetterCommand,
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  signal: AbortSignal,
): Promise<CommandAnswer> {
  switch (output.action) {
    case "list":
      return listDeadLetters(sqs, pairs, filterOf(output), output.all);
    case "show":
      return findDeadLetters(sqs, pairs, output.id);
    case "redrive":
      return redriveDeadLetters(sqs, pairs, { ...output, filter: filterOf(output), signal });
    case "discard":
      if (!output.yes && !output.dryRun) {
        throw new InvalidCommandError(
          'Discarding deletes for good: give "yes": true, or "dryRun": true to see what it would do.',
        );
      }
      return discardDeadLetters(sqs, pairs, { ...output, filter: filterOf(output), signal });
  }
}

type FilterFields = {
  readonly reason?: string | undefined;
  readonly type?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly invitee?: string | undefined;
  readonly eventId?: string | undefined;
  readonly olderThan?: number | undefined;
  readonly newerThan?: number | undefined;
};

const filterOf = ({ olderThan, newerThan, ...fields }: FilterFields) => ({
  reason: fields.reason,
  type: fields.type,
  organizationId: fields.organizationId,
  invitee: fields.invitee,
  eventId: fields.eventId,
  olderThanSeconds: olderThan,
  newerThanSeconds: newerThan,
});

import type { SQSClient } from "@aws-sdk/client-sqs";
import { type Command, InvalidArgumentError } from "commander";
import { inWords, UnknownFilterError } from "../lib/dead-letters/census.ts";
import type { DeadLetterFilter } from "../lib/dead-letters/filter.ts";
import type { QueuePair } from "../lib/dead-letters/queue.ts";
import { QUEUE_NAMES } from "../lib/events/queue-name.ts";
import { didYouMean } from "./did-you-mean.ts";
import { commandLineDurationSeconds } from "./duration.ts";
import { findTarget, type TargetOptions, withTarget } from "./target.ts";
import { UsageError } from "./usage-error.ts";

/** The options that say which dead letters. */
export type FilterOptions = TargetOptions & {
  readonly json?: boolean;
  readonly reason?: string;
  readonly type?: string;
  readonly organization?: string;
  readonly invitee?: string;
  readonly event?: string;
  readonly olderThan?: number;
  readonly newerThan?: number;
};

/** Gives a command the options that say which dead letters. */
export const withFilter = (command: Command): Command =>
  withTarget(command)
    .option("--json", "print JSON")
    .option("--reason <reason>", "only this reason")
    .option("--type <type>", "only this event type")
    .option("--organization <id>", "only this organization")
    .option("--invitee <address>", "only of this person, in any letter case")
    .option("--event <id>", "only this event id")
    .option("--older-than <duration>", "given up at least so long ago, such as 12h", duration)
    .option("--newer-than <duration>", "given up at most so long ago, such as PT12H", duration);

function duration(text: string): number {
  const seconds = commandLineDurationSeconds(text);
  if (seconds === undefined) {
    throw new InvalidArgumentError("Give a duration, such as 30m, 12h, 14d or PT12H.");
  }
  return seconds;
}

export const filterOf = (options: FilterOptions): DeadLetterFilter => ({
  reason: options.reason,
  type: options.type,
  organizationId: options.organization,
  invitee: options.invitee,
  eventId: options.event,
  olderThanSeconds: options.olderThan,
  newerThanSeconds: options.newerThan,
});

/** The queues that the options name, with their dead letters. */
export async function openDeadLetters(
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

/** @throws UsageError where a filter is misspelt, saying what may have been meant. */
export async function orMisspelt<Result>(working: Promise<Result>): Promise<Result> {
  try {
    return await working;
  } catch (error) {
    if (!(error instanceof UnknownFilterError)) throw error;
    const meant = didYouMean(error.value, error.choices);
    throw new UsageError(`${JSON.stringify(error.value)}: ${meant}${error.message}`);
  }
}

/** What there is instead, where nothing is of the kind asked for. */
export const thereAre = (reasons: Readonly<Record<string, number>>): string =>
  Object.keys(reasons).length === 0 ? "" : ` There are: ${inWords(reasons)}.`;

/** Says that some could not be looked at, where that is so. */
export function tellNotSeen(notSeen: number): void {
  if (notSeen === 0) return;
  console.log(
    `${notSeen} more were not looked at: they stand behind others, or are held by another reader.`,
  );
}

/** The examples of a dead-letters command. */
export const examples = (...lines: readonly string[]): string =>
  ["", "Examples:", ...lines.map((line) => `  onboarding dead-letters ${line}`), ""].join("\n");

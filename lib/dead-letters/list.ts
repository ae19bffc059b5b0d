import type { SQSClient } from "@aws-sdk/client-sqs";
import { type Census, census, refuseUnknown } from "./census.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { type DeadLetterFilter, matches } from "./filter.ts";
import {
  countDeadLetters,
  type QueuePair,
  receiveDeadLetters,
  releaseDeadLetters,
} from "./queue.ts";

/** The dead letters of one reason in one queue. */
export type DeadLetterGroup = {
  readonly queue: string;
  readonly reason: string;
  readonly count: number;
  /** When the oldest was given up, ISO 8601. */
  readonly oldestFailedAt: string;
  /** What the oldest was told, as an example. */
  readonly sentence: string;
  /** Event ids, the oldest first, at most ten. */
  readonly eventIds: readonly string[];
};

/** One dead letter, as far as a list may tell: without the invitee. */
export type DeadLetterLine = {
  readonly queue: string;
  /** When it was given up, ISO 8601. */
  readonly failedAt: string;
  readonly reason: string;
  readonly sentence: string;
  /** The message's id where it is no event. */
  readonly eventId: string;
  readonly type: string | undefined;
  readonly organizationId: string | undefined;
};

export type DeadLetterList = {
  readonly groups: readonly DeadLetterGroup[];
  /** Each letter, the oldest first, where that was asked for. */
  readonly letters?: readonly DeadLetterLine[];
  /** What there is, wanted or not. */
  readonly there: Census;
  /** Not looked at: they stand behind others of their message group. */
  readonly notSeen: number;
};

const EXAMPLES = 10;

/** Letters that can be read in a second, with much to spare. */
const READ_PER_SECOND = 100;

/**
 * Counts dead letters by queue and reason. Nothing is changed.
 *
 * @param all also gives each letter.
 * @throws UnknownFilterError, and what SQS answers.
 */
export async function listDeadLetters(
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  filter: DeadLetterFilter,
  all = false,
): Promise<DeadLetterList> {
  const groups: DeadLetterGroup[] = [];
  const lines: DeadLetterLine[] = [];
  const everything: DeadLetter[] = [];
  let notSeen = 0;
  for (const { name, deadLetterQueueUrl } of pairs) {
    const total = await countDeadLetters(sqs, deadLetterQueueUrl);
    const seen = await readAll(sqs, deadLetterQueueUrl);
    notSeen += Math.max(0, total - seen.length);
    everything.push(...seen);
    const now = Date.now();
    const wanted = seen.filter((letter) => matches(letter, filter, now));
    for (const [reason, letters] of Map.groupBy(wanted, (letter) => letter.reason)) {
      groups.push(groupOf(name, reason, letters));
    }
    lines.push(...wanted.map((letter) => lineOf(name, letter)));
  }
  const there = census(everything);
  refuseUnknown(filter, there);
  return {
    groups: groups.toSorted((a, b) => b.count - a.count),
    ...(all ? { letters: lines.toSorted((a, b) => compare(a.failedAt, b.failedAt)) } : {}),
    there,
    notSeen,
  };
}

/**
 * The dead letters with this event id or message id, whole. Nothing is changed.
 */
export async function findDeadLetters(
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  id: string,
): Promise<readonly (DeadLetter & { readonly queue: string })[]> {
  const found: (DeadLetter & { readonly queue: string })[] = [];
  for (const { name, deadLetterQueueUrl } of pairs) {
    const seen = await readAll(sqs, deadLetterQueueUrl);
    const wanted = seen.filter(({ messageId, event }) => messageId === id || event.id === id);
    found.push(...wanted.map((letter) => ({ ...letter, queue: name })));
  }
  return found;
}

async function readAll(sqs: SQSClient, queueUrl: string): Promise<readonly DeadLetter[]> {
  const seen: DeadLetter[] = [];
  try {
    for await (const letters of receiveDeadLetters(sqs, queueUrl, READ_PER_SECOND)) {
      seen.push(...letters);
    }
  } finally {
    await releaseDeadLetters(sqs, queueUrl, seen);
  }
  return seen;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const lineOf = (queue: string, letter: DeadLetter): DeadLetterLine => ({
  queue,
  failedAt: new Date(letter.failedAt).toISOString(),
  reason: letter.reason,
  sentence: letter.sentence,
  eventId: letter.event.id ?? letter.messageId,
  type: letter.event.type,
  organizationId: letter.event.organizationId,
});

function groupOf(queue: string, reason: string, letters: readonly DeadLetter[]): DeadLetterGroup {
  const byAge = letters.toSorted((a, b) => a.failedAt - b.failedAt);
  const [oldest] = byAge;
  return {
    queue,
    reason,
    count: letters.length,
    oldestFailedAt: new Date(oldest?.failedAt ?? 0).toISOString(),
    sentence: oldest?.sentence ?? "",
    eventIds: byAge.slice(0, EXAMPLES).map(({ event, messageId }) => event.id ?? messageId),
  };
}

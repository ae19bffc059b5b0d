import { setTimeout as wait } from "node:timers/promises";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { REDRIVEN } from "../queue/record.ts";
import { type Census, census, counted, refuseUnknown } from "./census.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { type DeadLetterFilter, matches } from "./filter.ts";
import {
  countDeadLetters,
  deleteDeadLetter,
  type QueuePair,
  receiveDeadLetters,
  releaseDeadLetters,
} from "./queue.ts";
import { isHopeless } from "./reasons.ts";
import { isWholeState } from "./whole-state.ts";

export type ActOptions = {
  readonly filter: DeadLetterFilter;
  /** Look only: count what would be done. */
  readonly dryRun: boolean;
  /** Ends the work between two letters; what was not reached stays where it is. */
  readonly signal?: AbortSignal;
  /** Told after each batch how many letters were done and looked at so far. */
  readonly onProgress?: (progress: { readonly done: number; readonly seen: number }) => void;
};

export type RedriveOptions = ActOptions & {
  /** Letters sent per second. */
  readonly perSecond: number;
  /** Also those that write a whole state, in which an old one undoes a newer one. */
  readonly wholeState: boolean;
};

/** What was done, or with `dryRun` would be. */
export type ActResult = {
  readonly done: number;
  readonly seen: number;
  /** Of those done, how many of each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What was looked at, done or not. */
  readonly there: Census;
  /** Left out of a redrive because they would come back: docs/dead-letters.md has the reasons. */
  readonly hopeless: number;
  /** Roles whose letters were left out because they write a whole state; empty unless redriving. */
  readonly leftOutRoles: readonly string[];
  readonly leftOut: number;
  /** Not looked at: they stand behind others of their message group, or the work was ended. */
  readonly notSeen: number;
};

/**
 * Sends dead letters to their queue again, but those that would come back, each with the time it was dead-lettered. A letter is
 * deleted only after its queue has taken it, so that an interruption loses none; repeating the call
 * finishes the work.
 *
 * @throws UnknownFilterError, and what SQS answers; the letter in hand is still in the dead letters then.
 */
export function redriveDeadLetters(
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  options: RedriveOptions,
): Promise<ActResult> {
  // Rejected again, a letter has the message's id as its deduplication id; moved by SQS, as its own.
  const sent = new Set<string>();
  return actOnDeadLetters(sqs, pairs, options, {
    perSecond: options.perSecond,
    isOwn: ({ messageId, deduplicationId }) => sent.has(messageId) || sent.has(deduplicationId),
    isHopeless: (letter) => isHopeless(letter, options.filter),
    isLeftOut: (letter) => !options.wholeState && isWholeState(letter),
    act: async (letter, pair) => {
      sent.add(await send(sqs, pair.queueUrl, letter));
      await deleteDeadLetter(sqs, pair.deadLetterQueueUrl, letter);
      const pause = options.signal ? { signal: options.signal } : {};
      await wait(1000 / options.perSecond, undefined, pause).catch(() => undefined);
    },
  });
}

/**
 * Deletes dead letters for good.
 *
 * @throws UnknownFilterError, and what SQS answers.
 */
export function discardDeadLetters(
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  options: ActOptions,
): Promise<ActResult> {
  return actOnDeadLetters(sqs, pairs, options, {
    perSecond: DISCARDED_PER_SECOND,
    isOwn: () => false,
    isHopeless: () => false,
    isLeftOut: () => false,
    act: (letter, pair) => deleteDeadLetter(sqs, pair.deadLetterQueueUrl, letter),
  });
}

/** Letters that can be deleted in a second, with much to spare. */
const DISCARDED_PER_SECOND = 50;

type Action = {
  readonly perSecond: number;
  /** Whether this very run sent the letter: it was rejected again, and is left for another time. */
  readonly isOwn: (letter: DeadLetter) => boolean;
  readonly isHopeless: (letter: DeadLetter) => boolean;
  readonly isLeftOut: (letter: DeadLetter) => boolean;
  readonly act: (letter: DeadLetter, pair: QueuePair) => Promise<void>;
};

type Tally = {
  done: string[];
  seen: DeadLetter[];
  hopeless: number;
  leftOut: number;
  notSeen: number;
  roles: Set<string>;
};

async function actOnDeadLetters(
  sqs: SQSClient,
  pairs: readonly QueuePair[],
  options: ActOptions,
  action: Action,
): Promise<ActResult> {
  const tally: Tally = {
    done: [],
    seen: [],
    hopeless: 0,
    leftOut: 0,
    notSeen: 0,
    roles: new Set(),
  };
  for (const pair of pairs) await actOnPair(sqs, pair, options, action, tally);
  const there = census(tally.seen);
  refuseUnknown(options.filter, there);
  const { roles, done, seen, ...counts } = tally;
  const reasons = counted(done);
  return {
    done: done.length,
    seen: seen.length,
    reasons,
    there,
    ...counts,
    leftOutRoles: [...roles],
  };
}

async function actOnPair(
  sqs: SQSClient,
  pair: QueuePair,
  options: ActOptions,
  action: Action,
  tally: Tally,
): Promise<void> {
  const queueUrl = pair.deadLetterQueueUrl;
  const held = new Set<DeadLetter>();
  // Looked at and left where they are.
  let left = 0;
  const isOver = () => options.signal?.aborted ?? false;
  try {
    for await (const letters of receiveDeadLetters(sqs, queueUrl, action.perSecond)) {
      for (const letter of letters) held.add(letter);
      for (const letter of letters) {
        if (isOver()) break;
        left += 1;
        if (action.isOwn(letter)) continue;
        tally.seen.push(letter);
        if (!isWanted(letter, options, action, tally)) continue;
        if (!options.dryRun) {
          await action.act(letter, pair);
          held.delete(letter);
          left -= 1;
        }
        tally.done.push(letter.reason);
      }
      options.onProgress?.({ done: tally.done.length, seen: tally.seen.length });
      if (isOver()) break;
    }
    tally.notSeen += Math.max(0, (await countDeadLetters(sqs, queueUrl)) - left);
  } finally {
    await releaseDeadLetters(sqs, queueUrl, [...held]);
  }
}

function isWanted(
  letter: DeadLetter,
  { filter }: ActOptions,
  { isHopeless: comesBack, isLeftOut }: Action,
  tally: Tally,
): boolean {
  if (!matches(letter, filter, Date.now())) return false;
  if (comesBack(letter)) {
    tally.hopeless += 1;
    return false;
  }
  if (!isLeftOut(letter)) return true;
  tally.leftOut += 1;
  if (letter.event.role !== undefined) tally.roles.add(letter.event.role);
  return false;
}

/**
 * Sending the same letter again within five minutes changes nothing: SQS knows its deduplication id.
 *
 * @returns the message's id.
 */
async function send(sqs: SQSClient, queueUrl: string, letter: DeadLetter): Promise<string> {
  const text = (value: number) => ({
    DataType: "String",
    StringValue: new Date(value).toISOString(),
  });
  const { MessageId = "" } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: letter.body,
      MessageAttributes: {
        [REDRIVEN.deadLetteredAt]: text(letter.failedAt),
        [REDRIVEN.firstSentAt]: text(letter.sentAt),
      },
      MessageGroupId: letter.group,
      MessageDeduplicationId: letter.messageId,
    }),
  );
  return MessageId;
}

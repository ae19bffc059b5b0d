import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { OnboardingEvent } from "../events/event.ts";
import type { Outcome, Reject } from "../events/outcome.ts";
import { problemsSentence } from "../events/problem.ts";
import { backoffSeconds } from "./backoff.ts";
import type { Deadline } from "./deadline.ts";
import { givenUpInTime, outcomeOfError } from "./outcome-of-error.ts";
import { type QueueMessage, queueMessage } from "./record.ts";

/** What a function does with the messages of its queue. */
export type BatchWork = {
  /** Carries out one event. `signal` ends with the batch's time. */
  readonly handle: (task: Task) => Promise<Outcome>;
  /** Takes a finished message out of the queue, before the next one of its group is begun. */
  readonly acknowledge: (message: QueueMessage) => Promise<void>;
  /** Puts a message that can never succeed into the dead letters; throws when it is not there. */
  readonly deadLetter: (message: QueueMessage, outcome: Reject) => Promise<void>;
  /** Sets when messages are received again. When it throws, the queue's own timeout decides. */
  readonly delay: (delays: readonly Delay[]) => Promise<void>;
  /** Tells the world how a message ended; when it throws, that changes nothing. */
  readonly announce?: (report: MessageReport) => Promise<void>;
  /** Told of what went wrong without changing any outcome. */
  readonly warn: (sentence: string, error: unknown) => void;
  /** Told how each message ended. */
  readonly report: (report: MessageReport) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
};

export type Task = {
  readonly event: OnboardingEvent;
  readonly message: QueueMessage;
  readonly deadline: Deadline;
};

export type Delay = { readonly receiptHandle: string; readonly seconds: number };

export type MessageReport = {
  readonly message: QueueMessage;
  readonly event?: OnboardingEvent;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** What the handler threw, for the log. */
  readonly error?: unknown;
};

/**
 * Works through one SQS batch: groups beside each other, the messages of a group in order. The first
 * message of a group to be tried again ends its group's turn, and the rest of the group goes back
 * untouched with the same delay. A rejected one does not hold up its group. A finished message is out
 * of the queue before the next of its group is begun.
 *
 * @returns the messages that are to come again, for ReportBatchItemFailures. Whatever is not in it
 * was done or is in the dead letters.
 */
export async function processBatch(
  records: readonly SQSRecord[],
  work: BatchWork,
  deadline: Deadline,
): Promise<SQSBatchResponse> {
  const messages = records.map((record) => queueMessage(record, work.now()));
  const groups = [...Map.groupBy(messages, ({ group }) => group).values()];
  const returned = await Promise.all(groups.map((group) => processGroup(group, work, deadline)));
  const back = returned.flat();
  await delay(back, work);
  return { batchItemFailures: back.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

type Returned = Delay & { readonly messageId: string };

async function processGroup(
  group: readonly QueueMessage[],
  work: BatchWork,
  deadline: Deadline,
): Promise<readonly Returned[]> {
  for (const [index, message] of group.entries()) {
    const seconds = await secondsUntilRetry(message, work, deadline);
    if (seconds !== undefined) return giveBack(group.slice(index), seconds);
    const rest = group.slice(index + 1);
    if (rest.length > 0 && !(await acknowledged(message, work))) {
      return giveBack(rest, backoffSeconds(1, undefined, work.random()));
    }
  }
  return [];
}

const giveBack = (messages: readonly QueueMessage[], seconds: number): readonly Returned[] =>
  messages.map(({ messageId, receiptHandle }) => ({ messageId, receiptHandle, seconds }));

/**
 * Were a batch to come again whole after a crash, a revoke in it would be repeated after the create
 * that followed it, and end that one's invitation.
 */
async function acknowledged(message: QueueMessage, work: BatchWork): Promise<boolean> {
  try {
    await work.acknowledge(message);
    return true;
  } catch (error) {
    work.warn("a finished message was not taken out of the queue, so its group waits", error);
    return false;
  }
}

/** Carries out one message. `undefined` when it is finished with, else when it is to come again. */
async function secondsUntilRetry(
  message: QueueMessage,
  work: BatchWork,
  deadline: Deadline,
): Promise<number | undefined> {
  // Not begun, so not tried: it may come again at once.
  if (work.now() >= deadline.startBefore) return 0;
  const startedAt = performance.now();
  const ended = await outcomeOf(message, work, deadline);
  const { outcome } = ended;
  await tell({ message, durationMs: performance.now() - startedAt, ...ended }, work);
  if (outcome.outcome !== "retry") return undefined;
  const { receiveCount } = message.delivery;
  return backoffSeconds(receiveCount, outcome.retryAfterSeconds, work.random());
}

async function outcomeOf(
  message: QueueMessage,
  work: BatchWork,
  deadline: Deadline,
): Promise<Pick<MessageReport, "outcome" | "event" | "error">> {
  const { parsed } = message;
  if (!parsed.ok) {
    const sentence = `The message is no onboarding event: ${problemsSentence(parsed.problems)}`;
    const outcome = { outcome: "reject", reason: parsed.reason, sentence } as const;
    return deadLettered(message, outcome, work);
  }
  const { event } = parsed;
  let ended: Pick<MessageReport, "outcome" | "error">;
  try {
    const outcome = await work.handle({ event, message, deadline });
    ended = { outcome: givenUpInTime(outcome, work.now() - message.delivery.sentAt) };
  } catch (error) {
    ended = { outcome: outcomeOfError(error, work.now() - message.delivery.sentAt), error };
  }
  const { outcome } = ended;
  if (outcome.outcome === "reject") {
    ended = { ...ended, ...(await deadLettered(message, outcome, work)) };
  }
  return { event, ...ended };
}

/** A rejected message is finished with only when it is safely in the dead letters. */
async function deadLettered(
  message: QueueMessage,
  outcome: Reject,
  work: BatchWork,
): Promise<Pick<MessageReport, "outcome" | "error">> {
  try {
    await work.deadLetter(message, outcome);
    return { outcome };
  } catch (error) {
    const sentence = `The dead letters did not take the message, which was rejected: ${outcome.sentence}`;
    return { outcome: { outcome: "retry", reason: "dead-letter-failed", sentence }, error };
  }
}

/** What was done stays done, whether it could be told or not. */
async function tell(ended: MessageReport, work: BatchWork): Promise<void> {
  try {
    work.report(ended);
  } catch (error) {
    work.warn("a message's outcome could not be reported", error);
  }
  try {
    await work.announce?.(ended);
  } catch (error) {
    work.warn("a message's outcome could not be announced", error);
  }
}

async function delay(delays: readonly Delay[], work: BatchWork): Promise<void> {
  if (delays.length === 0) return;
  try {
    await work.delay(delays);
  } catch (error) {
    work.warn("the delay was not set: the queue's visibility timeout decides", error);
  }
}

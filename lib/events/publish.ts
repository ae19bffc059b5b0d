import { setTimeout as wait } from "node:timers/promises";
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { EventMessage } from "./message.ts";

/** SQS takes ten messages in one call, and no more bytes than this (newer regions take more). */
const MESSAGES_PER_CALL = 10;
const BYTES_PER_CALL = 262_144;

/** How often what SQS did not take of a call is sent again, and after which wait the first time. */
const MAXIMUM_ATTEMPTS = 5;
const FIRST_WAIT_MS = 100;

/** SQS did not take some of the events. What it took stays taken: publishing again repeats nothing. */
export class PublishError extends Error {
  override readonly name = "PublishError";
  /** Ids of the events that are not in the queue, or of which nobody knows. */
  readonly eventIds: readonly string[];

  constructor(sentence: string, eventIds: readonly string[], options?: ErrorOptions) {
    super(sentence, options);
    this.eventIds = eventIds;
  }
}

/**
 * Publishes events (see `eventMessage`) to their queue, up to ten to a call. The events of one
 * message group stay in order: no two of them go into one call, because SQS may take the second and
 * not the first.
 *
 * Source: SendMessageBatch.
 *
 * @param queueUrl the FIFO queue of these events.
 * @returns the SQS message id of each, in order. SQS gives a repeat within five minutes the message
 * id of the first one and sends nothing.
 * @throws PublishError naming what was not sent.
 */
export async function publishEvents(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly EventMessage[],
): Promise<readonly string[]> {
  const messageIds = new Map<EventMessage, string>();
  let left = messages;
  while (left.length > 0) {
    const batch = nextBatch(left);
    try {
      await sendBatch(sqs, queueUrl, batch, messageIds);
    } catch (error) {
      throw publishError(messages, messageIds, error);
    }
    left = left.filter((message) => !messageIds.has(message));
  }
  return messages.map((message) => messageIds.get(message) ?? "");
}

/** The first message of each group, as many as fit into a call. */
function nextBatch(messages: readonly EventMessage[]): readonly EventMessage[] {
  const batch: EventMessage[] = [];
  const groups = new Set<string>();
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    const isFull = batch.length === MESSAGES_PER_CALL || bytes + size > BYTES_PER_CALL;
    if (isFull && batch.length > 0) break;
    if (groups.has(message.groupId)) continue;
    groups.add(message.groupId);
    batch.push(message);
    bytes += size;
  }
  return batch;
}

/**
 * @param taken gets the message id of everything that SQS took.
 * @throws when SQS does not answer, or does not take all of it in the end.
 */
async function sendBatch(
  sqs: SQSClient,
  queueUrl: string,
  batch: readonly EventMessage[],
  taken: Map<EventMessage, string>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const left = batch.filter((message) => !taken.has(message));
    const { Successful = [], Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: left.map((message, index) => ({
          Id: String(index),
          MessageBody: message.body,
          MessageGroupId: message.groupId,
          MessageDeduplicationId: message.deduplicationId,
        })),
      }),
    );
    for (const { Id, MessageId = "" } of Successful) {
      const message = left[Number(Id)];
      if (message !== undefined) taken.set(message, MessageId);
    }
    const [refusal] = Failed;
    if (refusal === undefined) return;
    if (attempt === MAXIMUM_ATTEMPTS || !Failed.some(mayPass)) throw new Error(refusal.Code);
    await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
}

const mayPass = ({ SenderFault }: BatchResultErrorEntry): boolean => SenderFault !== true;

function publishError(
  messages: readonly EventMessage[],
  taken: ReadonlyMap<EventMessage, string>,
  cause: unknown,
): PublishError {
  const unsent = messages.filter((message) => !taken.has(message)).map(({ eventId }) => eventId);
  const why = cause instanceof Error && cause.name !== "Error" ? cause.name : errorText(cause);
  return new PublishError(
    `SQS did not take ${unsent.length} of ${messages.length} events (${why}): publish them again, which repeats nothing.`,
    unsent,
    { cause },
  );
}

const errorText = (cause: unknown): string => (cause instanceof Error ? cause.message : "unknown");

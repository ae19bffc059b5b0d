import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { EventMessage } from "./message.ts";

/** SQS takes ten messages in one call. */
const MESSAGES_PER_CALL = 10;

/** How often the part of a batch that SQS did not take is sent again. */
const MAXIMUM_ATTEMPTS = 5;

/** SQS did not take some of the events. What it took stays taken: publishing again repeats nothing. */
export class PublishError extends Error {
  override readonly name = "PublishError";
  /** Ids of the events that are not in the queue. */
  readonly eventIds: readonly string[];

  constructor(sentence: string, eventIds: readonly string[]) {
    super(sentence);
    this.eventIds = eventIds;
  }
}

/**
 * Publishes events (see `eventMessage`) to their queue, ten to a call, in order. What SQS does not take of a call is sent
 * again before the next call, so that the events of one message group stay in order.
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
  const messageIds: string[] = [];
  for (let first = 0; first < messages.length; first += MESSAGES_PER_CALL) {
    const batch = messages.slice(first, first + MESSAGES_PER_CALL);
    messageIds.push(...(await publishBatch(sqs, queueUrl, batch)));
  }
  return messageIds;
}

async function publishBatch(
  sqs: SQSClient,
  queueUrl: string,
  batch: readonly EventMessage[],
): Promise<readonly string[]> {
  const messageIds = new Map<string, string>();
  let code = "";
  for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS && messageIds.size < batch.length; attempt++) {
    const entries = batch
      .map((message, index) => entryOf(message, String(index)))
      .filter(({ Id }) => !messageIds.has(Id));
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
    const { Successful = [], Failed = [] } = await sqs.send(command);
    for (const { Id, MessageId } of Successful) messageIds.set(Id ?? "", MessageId ?? "");
    code = Failed[0]?.Code ?? code;
  }
  const left = batch.filter((_, index) => !messageIds.has(String(index)));
  if (left.length > 0) {
    throw new PublishError(
      `SQS did not take ${left.length} of ${batch.length} events (${code}): publish them again.`,
      left.map(({ eventId }) => eventId),
    );
  }
  return batch.map((_, index) => messageIds.get(String(index)) ?? "");
}

const entryOf = (message: EventMessage, id: string) => ({
  Id: id,
  MessageBody: message.body,
  MessageGroupId: message.groupId,
  MessageDeduplicationId: message.deduplicationId,
});

import { setTimeout as wait } from "node:timers/promises";
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type EventMessage, MAXIMUM_BODY_BYTES } from "./message.ts";
import { RefusedMessageError } from "./refused-message.ts";

/** SQS takes ten messages in one call, and no more bytes than one message may have. */
export const MESSAGES_PER_CALL = 10;
export const BYTES_PER_CALL = MAXIMUM_BODY_BYTES;

/** How often what SQS did not take of a call is sent again, and after which wait the first time. */
const MAXIMUM_ATTEMPTS = 5;
const FIRST_WAIT_MS = 100;

/**
 * Sends messages in one call, and those that SQS did not take of it again.
 *
 * Source: SendMessageBatch.
 *
 * @param onTaken gets each message that is in the queue, with its SQS message id.
 * @throws RefusedMessageError, or what the SDK throws when SQS does not answer.
 */
export async function sendBatch<Message extends EventMessage>(
  sqs: SQSClient,
  queueUrl: string,
  batch: readonly Message[],
  onTaken: (message: Message, messageId: string) => void,
): Promise<void> {
  let left = batch;
  for (let attempt = 1; ; attempt++) {
    const sent = left;
    const { Successful = [], Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: sent.map((message, index) => ({
          Id: String(index),
          MessageBody: message.body,
          MessageGroupId: message.groupId,
          MessageDeduplicationId: message.deduplicationId,
        })),
      }),
    );
    const taken = new Map(Successful.map(({ Id, MessageId = "" }) => [Number(Id), MessageId]));
    for (const [index, messageId] of taken) {
      const message = sent[index];
      if (message !== undefined) onTaken(message, messageId);
    }
    left = sent.filter((_, index) => !taken.has(index));
    if (left.length === 0) return;
    if (attempt === MAXIMUM_ATTEMPTS || (Failed.length > 0 && Failed.every(isForGood))) {
      throw new RefusedMessageError(Failed[0]?.Code ?? "without a reason");
    }
    await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
}

const isForGood = ({ SenderFault }: BatchResultErrorEntry): boolean => SenderFault === true;

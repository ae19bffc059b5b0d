import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type DeadLetter, readDeadLetter } from "./dead-letter.ts";

/** A queue and its dead letters. */
export type QueuePair = {
  /** What people call it, such as `invitations`. */
  readonly name: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
};

/** Long enough for SQS to ask all of its servers, so that an empty answer means an empty queue. */
const WAIT_SECONDS = 1;

const LARGEST_CALL = 10;

const SHORTEST_HOLD_SECONDS = 30;

/** SQS takes no visibility timeout beyond twelve hours. */
const SQS_LONGEST_SECONDS = 43_200;

/**
 * Goes through a dead-letter queue, a batch at a time, oldest of each group first. Every letter is
 * held, which is out of sight for others, until it is deleted or released or the hold ends.
 *
 * SQS gives out no more of a group while some of it are held: delete or release what was given to
 * come to what is behind it.
 *
 * Source: ReceiveMessage.
 *
 * @param perSecond how many letters the caller works through in a second: the hold lasts twice as
 * long as all of them should take, and a short one lets a killed run be repeated soon.
 */
export async function* receiveDeadLetters(
  sqs: SQSClient,
  queueUrl: string,
  perSecond: number,
): AsyncGenerator<readonly DeadLetter[], void, undefined> {
  const total = await countDeadLetters(sqs, queueUrl);
  const holdSeconds = Math.min(
    SHORTEST_HOLD_SECONDS + (2 * total) / perSecond,
    SQS_LONGEST_SECONDS,
  );
  const seen = new Set<string>();
  while (true) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: LARGEST_CALL,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: Math.ceil(holdSeconds),
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    const letters = Messages.map((message) => readDeadLetter(message, Date.now()));
    // One that comes again was held so long that the whole queue has been gone through.
    const fresh = letters.filter(({ messageId }) => !seen.has(messageId));
    if (fresh.length === 0) {
      await releaseDeadLetters(sqs, queueUrl, letters);
      return;
    }
    for (const { messageId } of fresh) seen.add(messageId);
    yield fresh;
  }
}

/** Gives letters back, for others to see at once. Source: ChangeMessageVisibilityBatch. */
export async function releaseDeadLetters(
  sqs: SQSClient,
  queueUrl: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  for (let first = 0; first < letters.length; first += LARGEST_CALL) {
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: letters.slice(first, first + LARGEST_CALL).map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        })),
      }),
    );
  }
}

/** Source: DeleteMessage. */
export async function deleteDeadLetter(
  sqs: SQSClient,
  queueUrl: string,
  { receiptHandle }: DeadLetter,
): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
}

/** How many letters there are, held ones included, as SQS estimates it. */
export async function countDeadLetters(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0)
  );
}

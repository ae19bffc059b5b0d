import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { toLambdaRecord } from "../../local/aws/sqs-record.ts";
import type { Stage } from "./stage.ts";

const MESSAGES_PER_CALL = 10;

/** Puts messages into the queue, in order. */
export async function send(records: readonly SQSRecord[], { aws, queue }: Stage): Promise<void> {
  for (let first = 0; first < records.length; first += MESSAGES_PER_CALL) {
    const entries = records.slice(first, first + MESSAGES_PER_CALL);
    const { Failed = [] } = await aws.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: entries.map(({ messageId, body, attributes }) => ({
          Id: messageId,
          MessageBody: body,
          MessageGroupId: attributes.MessageGroupId,
          MessageDeduplicationId: messageId,
        })),
      }),
    );
    if (Failed.length > 0) throw new Error(`The queue did not take ${Failed.length} messages.`);
  }
}

/** Receives one batch as Lambda does. */
export async function receiveBatch({ aws, queue }: Stage): Promise<SQSRecord[]> {
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: MESSAGES_PER_CALL,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages.map((message) => toLambdaRecord(message, queue.arn));
}

/** Deletes a finished batch as Lambda does; what the function deleted itself is gone already. */
export async function deleteBatch(
  records: readonly SQSRecord[],
  { aws, queue }: Stage,
): Promise<void> {
  await aws.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queue.url,
      Entries: records.map(({ messageId, receiptHandle }) => ({
        Id: messageId,
        ReceiptHandle: receiptHandle,
      })),
    }),
  );
}

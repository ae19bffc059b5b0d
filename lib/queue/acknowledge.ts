import { DeleteMessageCommand } from "@aws-sdk/client-sqs";
import { sqsClient } from "../runtime/sqs.ts";

/** Takes a message out of its queue. Source: DeleteMessage. */
export async function deleteMessage(queueUrl: string, receiptHandle: string): Promise<void> {
  await sqsClient().send(
    new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }),
  );
}

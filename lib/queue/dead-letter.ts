import { type MessageAttributeValue, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Reject } from "../events/outcome.ts";
import { sqsClient } from "../runtime/sqs.ts";
import type { QueueMessage } from "./record.ts";

/** SQS takes far more, but a reason is for reading. */
const LONGEST_SENTENCE = 1_000;

/**
 * Sends a rejected message to the dead letters: the body as it came, its group, and the reason in
 * message attributes. Sending the same message again within five minutes changes nothing.
 *
 * Source: SendMessage.
 *
 * @param functionName the function that rejected it.
 * @param failedAt epoch milliseconds.
 */
export async function sendDeadLetter(
  queueUrl: string,
  message: QueueMessage,
  { reason, sentence, logtoRequestId }: Reject,
  functionName: string,
  failedAt: number,
): Promise<void> {
  const { parsed, delivery } = message;
  const attributes = {
    reason,
    sentence: sentence.slice(0, LONGEST_SENTENCE),
    function: functionName,
    sentAt: new Date(delivery.firstSentAt ?? delivery.sentAt).toISOString(),
    firstReceivedAt: new Date(message.firstReceivedAt).toISOString(),
    failedAt: new Date(failedAt).toISOString(),
    receiveCount: String(delivery.receiveCount),
    ...(parsed.ok ? { eventId: parsed.event.id } : {}),
    ...(logtoRequestId === undefined ? {} : { logtoRequestId }),
  };
  await sqsClient().send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: message.body,
      MessageAttributes: messageAttributes(attributes),
      ...(queueUrl.endsWith(".fifo")
        ? { MessageGroupId: message.group, MessageDeduplicationId: message.messageId }
        : {}),
    }),
  );
}

const messageAttributes = (
  texts: Readonly<Record<string, string>>,
): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, { DataType: "String", StringValue: text }]),
  );

import type { SQSClient } from "@aws-sdk/client-sqs";
import type { EventMessage } from "./message.ts";
import { RefusedMessageError } from "./refused-message.ts";
import { type QueueUrls, type SendOptions, sendMessages } from "./send.ts";

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
 * @param queueUrls the URLs of the FIFO queues by name, or one URL for all events.
 * @returns the SQS message id of each, in order. SQS gives a repeat within five minutes the message
 * id of the first one and sends nothing.
 * @throws PublishError naming what was not sent.
 */
export async function publishEvents(
  sqs: SQSClient,
  queueUrls: QueueUrls,
  messages: readonly EventMessage[],
  options: Pick<SendOptions<EventMessage>, "concurrency"> = {},
): Promise<readonly string[]> {
  const messageIds = new Map<EventMessage, string>();
  const onTaken = (message: EventMessage, messageId: string) => messageIds.set(message, messageId);
  try {
    await sendMessages(sqs, queueUrls, messages, { ...options, onTaken });
  } catch (error) {
    throw publishError(messages, messageIds, error);
  }
  return messages.map((message) => messageIds.get(message) ?? "");
}

function publishError(
  messages: readonly EventMessage[],
  taken: ReadonlyMap<EventMessage, string>,
  cause: unknown,
): PublishError {
  const unsent = messages.filter((message) => !taken.has(message)).map(({ eventId }) => eventId);
  return new PublishError(
    `SQS did not take ${unsent.length} of ${messages.length} events (${reasonOf(cause)}): publish them again, which repeats nothing.`,
    unsent,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (cause instanceof RefusedMessageError) return cause.code;
  if (!(cause instanceof Error)) return "unknown";
  return cause.name === "Error" ? cause.message : cause.name;
}

import type { SQSClient } from "@aws-sdk/client-sqs";
import type { EventMessage } from "../events/message.ts";
import type { QueueName } from "../events/queue-name.ts";
import { RefusedMessageError } from "../events/refused-message.ts";
import type { Published } from "./published.ts";

export type PublishParts = {
  /** Asked for when there may be something to send. */
  readonly sqs: () => Promise<SQSClient>;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Epoch milliseconds from which on nothing more is begun. */
  readonly endBy: number;
};

/** Calls to SQS under way at once. */
const CONCURRENCY = 4;

/** Of the time that is kept for the end, this much is for calls that wait to begin. */
const SENDING_MS = 3_000;

/**
 * Publishes events while they come.
 *
 * @returns why not all were published, if SQS is the reason.
 */
export async function publish(
  events: AsyncGenerator<EventMessage, void, undefined>,
  published: Published,
  dryRun: boolean,
  { sqs, queueUrls, now, endBy }: PublishParts,
): Promise<string | undefined> {
  let isSource = false;
  async function* counted(): AsyncGenerator<EventMessage, void, undefined> {
    try {
      for await (const event of events) {
        published.plan();
        yield event;
      }
    } catch (error) {
      isSource = true;
      throw error;
    }
  }
  if (dryRun) {
    for await (const event of counted()) published.add(event);
    return undefined;
  }
  // Loaded when needed: importing the AWS SDK is the larger part of a cold start.
  const { sendMessages } = await import("../events/send.ts");
  const client = await sqs();
  const signal = AbortSignal.timeout(Math.max(0, endBy + SENDING_MS - now()));
  const options = { concurrency: CONCURRENCY, signal, onTaken: published.add };
  try {
    await sendMessages(client, queueUrls, counted(), options);
    return undefined;
  } catch (error) {
    if (isSource) throw error;
    return `SQS did not take all events (${reasonOf(error)}): run it again within five minutes, which repeats nothing.`;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RefusedMessageError) return error.code;
  return error instanceof Error ? error.name : "unknown";
}

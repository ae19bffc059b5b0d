import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { QueuePair } from "../../lib/dead-letters/queue.ts";
import { createEvent, type Json } from "./events.ts";
import type { Queues } from "./queues.ts";

export type LetterFields = {
  /** An event as JSON; text is taken as it is. */
  readonly body?: unknown;
  readonly group?: string;
  /** The message attributes that a function gives; over those of the factory. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Milliseconds since it was given up. */
  readonly ageMs?: number;
  /** The id of the message that was rejected; a function gives it as deduplication id. */
  readonly rejectedMessageId?: string;
};

/** What every letter of the factory was told. */
export const SENTENCE = "The invitation expired.";

/** A queue pair in which SQS itself moves a message to the dead letters after one receive. */
export async function createCrashingPair(queues: Queues, name: string): Promise<QueuePair> {
  const deadLetterQueueUrl = await queues.create(`${name}-dead-letters.fifo`);
  const { Attributes } = await queues.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 };
  const { QueueUrl: queueUrl = "" } = await queues.sqs.send(
    new CreateQueueCommand({
      QueueName: `${name}.fifo`,
      Attributes: { FifoQueue: "true", RedrivePolicy: JSON.stringify(policy) },
    }),
  );
  return { name, queueUrl, deadLetterQueueUrl };
}

/** A FIFO queue and its dead letters, under a name of the test's own. */
export async function createPair(queues: Queues, name: string): Promise<QueuePair> {
  return {
    name,
    queueUrl: await queues.create(`${name}.fifo`),
    deadLetterQueueUrl: await queues.create(`${name}-dead-letters.fifo`),
  };
}

/**
 * Puts a message into the dead letters as a function does: reason `invitation-expired`, given up an hour ago.
 *
 * @returns its message id.
 */
export function putLetter(queues: Queues, pair: QueuePair, fields: LetterFields = {}) {
  const failedAt = Date.now() - (fields.ageMs ?? 3_600_000);
  const attributes = {
    reason: "invitation-expired",
    sentence: SENTENCE,
    function: "onboarding-dev-invitations",
    sentAt: new Date(failedAt - 60_000).toISOString(),
    firstReceivedAt: new Date(failedAt - 30_000).toISOString(),
    failedAt: new Date(failedAt).toISOString(),
    receiveCount: "3",
    ...fields.attributes,
  };
  return put(queues, pair.deadLetterQueueUrl, fields, attributes);
}

/** Puts one letter for each event id, all into one group. */
export async function putLetters(
  queues: Queues,
  pair: QueuePair,
  group: string,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) await putLetter(queues, pair, { group, body: createEvent({ id }) });
}

/** A message without the attributes that a function gives. */
export const putBare = (
  queues: Queues,
  queueUrl: string,
  fields: Pick<LetterFields, "body" | "group" | "attributes"> = {},
) => put(queues, queueUrl, fields, fields.attributes ?? {});

async function put(
  { sqs }: Queues,
  queueUrl: string,
  { body = createEvent(), group = "group-1", rejectedMessageId = randomUUID() }: LetterFields,
  attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const { MessageId = "" } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: typeof body === "string" ? body : JSON.stringify(body),
      MessageGroupId: group,
      MessageDeduplicationId: rejectedMessageId,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [name, stringAttribute(text)]),
      ),
    }),
  );
  return MessageId;
}

const stringAttribute = (text: string): MessageAttributeValue => ({
  DataType: "String",
  StringValue: text,
});

/** Message attributes as plain text. */
export const attributesOf = ({ MessageAttributes = {} }: Message): Record<string, string> =>
  Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = "" }]) => [name, StringValue]),
  );

export const eventIdsOf = (messages: readonly Message[]): string[] =>
  messages.map(({ Body = "" }) => String(JSON.parse(Body).id));

/** The first ten messages that anybody could receive, left where they are. */
export async function peek(queues: Queues, queueUrl: string): Promise<readonly Message[]> {
  const messages = await queues.receive(queueUrl);
  if (messages.length > 0) {
    await queues.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: 0,
        })),
      }),
    );
  }
  return messages;
}

/** An event that writes the whole state of a role, or a part of it. */
export const roleScopesEvent = (id: string, change: string, role: string): Json =>
  createEvent({
    id,
    type: `onboarding.role-scopes.${change}`,
    data: { organizationId: undefined, invitee: undefined, role, scopes: [] },
  });

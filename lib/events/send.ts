import type { SQSClient } from "@aws-sdk/client-sqs";
import type { EventMessage } from "./message.ts";
import type { QueueName } from "./queue-name.ts";
import { BYTES_PER_CALL, MESSAGES_PER_CALL, sendBatch } from "./send-batch.ts";

/** The queues' URLs: each queue's own, or one for all messages. */
export type QueueUrls = string | Readonly<Partial<Record<QueueName, string>>>;

export type SendOptions<Message> = {
  /** How many calls may be under way at once; 1 where it is left out. */
  readonly concurrency?: number;
  /** When it is aborted, the calls under way are finished and nothing more is sent. */
  readonly signal?: AbortSignal;
  /** Gets each message that is in its queue, with its SQS message id. */
  readonly onTaken?: (message: Message, messageId: string) => void;
};

/**
 * Sends messages to their queues, up to ten to a call and several calls at once. The messages of one
 * group stay in order: no two of them are under way at the same time, because SQS may take the
 * second and not the first.
 *
 * Messages are read as they can be sent: a few calls' worth of them are held, however many there are.
 * Where they come slowly, one waits no longer than a second for others to share its call.
 *
 * Source: SendMessageBatch.
 *
 * @throws what ended it, when the calls under way have ended as well: RefusedMessageError, what the
 * SDK throws, a queue without a URL, or what reading the messages threw.
 */
export async function sendMessages<Message extends EventMessage>(
  sqs: SQSClient,
  queueUrls: QueueUrls,
  messages: Iterable<Message> | AsyncIterable<Message>,
  { concurrency = 1, signal, onTaken = () => {} }: SendOptions<Message> = {},
): Promise<void> {
  const next = reader(messages);
  const waiting: Message[] = [];
  const groupsUnderWay = new Set<string>();
  const calls = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  const start = (batch: readonly Message[], queueUrl: string): void => {
    for (const message of batch) groupsUnderWay.add(groupOf(message));
    const call = sendBatch(sqs, queueUrl, batch, onTaken)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        calls.delete(call);
        for (const message of batch) groupsUnderWay.delete(groupOf(message));
      });
    calls.add(call);
  };

  try {
    for (;;) {
      await next.fill(waiting, 2 * MESSAGES_PER_CALL * concurrency);
      if (failure !== undefined || signal?.aborted) break;
      const batch = calls.size < concurrency ? takeBatch(waiting, groupsUnderWay) : [];
      const [first] = batch;
      if (first !== undefined) start(batch, urlOf(first.queue, queueUrls));
      else if (calls.size > 0) await Promise.race(calls);
      else break;
    }
  } finally {
    await Promise.all(calls);
    await next.close();
  }
  if (failure !== undefined) throw failure.error;
}

/**
 * Takes out of those waiting what goes into the next call: the first message of each group that is
 * not under way, all for one queue.
 */
function takeBatch<Message extends EventMessage>(
  waiting: Message[],
  groupsUnderWay: ReadonlySet<string>,
): readonly Message[] {
  const batch: Message[] = [];
  const passedOver: Message[] = [];
  const groupsPassed = new Set<string>();
  let bytes = 0;
  let looked = 0;
  for (const message of waiting) {
    const size = Buffer.byteLength(message.body);
    const isFull = batch.length === MESSAGES_PER_CALL || bytes + size > BYTES_PER_CALL;
    if (isFull && batch.length > 0) break;
    looked += 1;
    const group = groupOf(message);
    const isFree = !groupsUnderWay.has(group) && !groupsPassed.has(group);
    groupsPassed.add(group);
    if (isFree && (batch[0] ?? message).queue === message.queue) {
      batch.push(message);
      bytes += size;
    } else passedOver.push(message);
  }
  waiting.splice(0, looked, ...passedOver);
  return batch;
}

const groupOf = ({ queue, groupId }: EventMessage): string => `${queue} ${groupId}`;

function urlOf(queue: QueueName, queueUrls: QueueUrls): string {
  const url = typeof queueUrls === "string" ? queueUrls : queueUrls[queue];
  // An empty one is a variable that nobody set.
  if (url === undefined || url === "") throw new Error(`The queue ${queue} has no URL: name it.`);
  return url;
}

/**
 * Reads ahead, no further than it is asked to, and no longer than a message may wait for others.
 */
function reader<Item>(items: Iterable<Item> | AsyncIterable<Item>) {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let isAtEnd = false;
  let pending: Promise<IteratorResult<Item, unknown>> | undefined;

  const next = (): Promise<IteratorResult<Item, unknown>> => {
    const result = Promise.resolve(iterator.next());
    // It may fail while nobody waits for it: whoever asks next is told.
    result.catch(() => {});
    return result;
  };
  return {
    fill: async (list: Item[], length: number): Promise<void> => {
      const lingering = createLinger();
      try {
        while (!isAtEnd && list.length < length) {
          pending ??= next();
          const result = await (list.length === 0
            ? pending
            : Promise.race([pending, lingering.over()]));
          if (result === undefined) return;
          pending = undefined;
          if (result.done) isAtEnd = true;
          else list.push(result.value);
        }
      } finally {
        lingering.stop();
      }
    },
    close: async (): Promise<void> => {
      if (!isAtEnd) await iterator.return?.();
    },
  };
}

/** How long a message waits for others to share its call. */
const LINGER_MS = 1_000;

function createLinger() {
  let timer: NodeJS.Timeout | undefined;
  let over: Promise<undefined> | undefined;
  return {
    over: (): Promise<undefined> => {
      over ??= new Promise((resolve) => {
        timer = setTimeout(() => resolve(undefined), LINGER_MS);
      });
      return over;
    },
    stop: (): void => clearTimeout(timer),
  };
}

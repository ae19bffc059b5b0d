// fauxqs keeps these classes behind its package entry, but its buildApp() takes them as `stores`.
// The dependency is pinned to an exact version, so reaching for the files cannot break by itself.
import { S3Store } from "../../node_modules/fauxqs/dist/s3/s3Store.js";
import { SnsStore } from "../../node_modules/fauxqs/dist/sns/snsStore.js";
import { type SqsQueue, SqsStore } from "../../node_modules/fauxqs/dist/sqs/sqsStore.js";
import { INVALID_MESSAGE_BODY_CHAR } from "../../node_modules/fauxqs/dist/sqs/sqsTypes.js";

// SQS takes what XML takes, emoji included. fauxqs' expression is written for UTF-16 units and
// refuses everything beyond the basic plane.
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
INVALID_MESSAGE_BODY_CHAR.test = (text) => NOT_XML.test(text);

const ACCOUNT_ID = "000000000000";

/**
 * The queues behind the local SQS: fauxqs' own, with queue URLs on the one address we listen on
 * and with FIFO message groups handed out the way SQS does it.
 */
export class LocalSqsStore extends SqsStore {
  endpoint = "";

  /** fauxqs would answer `sqs.<region>.localhost`, a name not every resolver knows. */
  override buildQueueUrl(queueName: string): string {
    return `${this.endpoint}/${ACCOUNT_ID}/${queueName}`;
  }

  override createQueue(...parameters: Parameters<SqsStore["createQueue"]>): SqsQueue {
    const queue = super.createQueue(...parameters);
    if (queue.isFifo()) handOutWholeGroups(queue);
    return queue;
  }

  /**
   * Puts received messages back as if they had never been handed out: for an answer nobody reads,
   * because the client closed its long poll.
   */
  takeBack(queueUrl: string, receiptHandles: string[]): void {
    const queue = this.getQueue(queueUrl);
    for (const handle of receiptHandles) {
      const received = queue?.inflightMessages.get(handle);
      if (received) received.message.approximateReceiveCount -= 1;
      queue?.changeVisibility(handle, 0);
    }
  }
}

/** What fauxqs' buildApp() wants as `stores`. */
export function createStores(sqsStore: LocalSqsStore) {
  return { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
}

/**
 * fauxqs gives out one message of a group and then locks the group. SQS fills a receive with as many
 * messages of a group as it can, in order, and locks the group until all of them are deleted or
 * visible again. What a handler does with "the rest of the group" only shows with the latter.
 */
function handOutWholeGroups(queue: SqsQueue): void {
  const enqueue = queue.enqueue.bind(queue);
  const dequeue = queue.dequeue.bind(queue);
  const processTimers = queue.processTimers.bind(queue);
  const changeVisibility = queue.changeVisibility.bind(queue);
  const places = new WeakMap<object, number>();
  let nextPlace = 0;
  let receiving = false;

  // Several messages of a group coming back at once are put in front one by one: last one first.
  const sortGroup = (groupId: string | undefined) =>
    queue.fifoMessages
      .get(groupId ?? "")
      ?.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));

  queue.enqueue = (message) => {
    places.set(message, nextPlace++);
    enqueue(message);
  };

  queue.changeVisibility = (receiptHandle, timeoutSeconds) => {
    const groupId = queue.inflightMessages.get(receiptHandle)?.message.messageGroupId;
    changeVisibility(receiptHandle, timeoutSeconds);
    if (timeoutSeconds === 0) sortGroup(groupId);
  };

  queue.processTimers = () => {
    // Within one receive, a visibility timeout of 0 must not give the same message twice.
    if (receiving) return;
    const inFlight = [...queue.inflightMessages];
    processTimers();
    // Which of them came back is fauxqs' to say: its clock may be a millisecond on from ours.
    for (const [handle, { message }] of inFlight) {
      if (!queue.inflightMessages.has(handle)) sortGroup(message.messageGroupId);
    }
  };

  queue.dequeue = (maxCount, visibilityTimeoutSeconds, findDeadLetterQueue) => {
    const messages: ReturnType<typeof dequeue> = [];
    const takenByGroup = new Map<string, number>();
    queue.processTimers();
    receiving = true;
    while (messages.length < maxCount) {
      const [message] = dequeue(1, visibilityTimeoutSeconds, findDeadLetterQueue);
      if (!message) break;
      messages.push(message);
      const groupId = queue.inflightMessages.get(message.ReceiptHandle)?.message.messageGroupId;
      if (groupId === undefined) continue;
      takenByGroup.set(groupId, (takenByGroup.get(groupId) ?? 0) + 1);
      queue.fifoLockedGroups.delete(groupId);
    }
    receiving = false;
    for (const [groupId, taken] of takenByGroup) queue.fifoLockedGroups.set(groupId, taken);
    return messages;
  };
}

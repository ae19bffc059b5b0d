import { randomUUID } from "node:crypto";
import {
  type ActResult,
  type RedriveOptions,
  redriveDeadLetters,
} from "../../../lib/dead-letters/act.ts";
import type { QueuePair } from "../../../lib/dead-letters/queue.ts";
import { createPair, eventIdsOf } from "../../support/dead-letters.ts";
import { startQueues } from "../../support/queues.ts";
import { type SqsCall, type SqsProxySteps, startSqsProxy } from "../../support/sqs-proxy.ts";

/** Queues of its own for a test file about redriving. */
export async function startRedriving() {
  const queues = await startQueues();
  return {
    queues,
    newPair: () => createPair(queues, `redrive-${randomUUID()}`),
    /** Redrives everything as fast as may be, unless told otherwise, through a proxy of its own. */
    redrive: async (
      pairs: readonly QueuePair[],
      options: Partial<RedriveOptions> = {},
      steps: SqsProxySteps = {},
    ): Promise<{ readonly result: ActResult; readonly calls: readonly SqsCall[] }> => {
      const proxy = await startSqsProxy(queues.standIn.endpoint, steps);
      const defaults = { filter: {}, dryRun: false, wholeState: false, perSecond: 1000 };
      try {
        const result = await redriveDeadLetters(proxy.sqs, pairs, { ...defaults, ...options });
        return { result, calls: proxy.calls };
      } finally {
        await proxy.stop();
      }
    },
    /** Takes out what is in the pair's queue, as event ids. */
    inQueue: async (pair: QueuePair) => eventIdsOf(await queues.drain(pair.queueUrl)),
    /** Takes out the dead letters that anybody could receive, as event ids. */
    leftBehind: async (pair: QueuePair) => eventIdsOf(await queues.drain(pair.deadLetterQueueUrl)),
  };
}

export const nothingLeftOut = { hopeless: 0, leftOut: 0, leftOutRoles: [], notSeen: 0 };

export const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `event-${index}`);

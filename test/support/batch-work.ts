import type { Reject } from "../../lib/events/outcome.ts";
import type { BatchWork, Delay, MessageReport } from "../../lib/queue/batch.ts";
import type { QueueMessage } from "../../lib/queue/record.ts";
import { SENT_AT } from "./sqs-record.ts";

/** What became of a batch. */
export type WorkLog = {
  /** Message ids in the order in which they were begun. */
  readonly handled: string[];
  /** Message ids that were taken out of the queue before the batch ended. */
  readonly acknowledged: string[];
  readonly deadLetters: { readonly message: QueueMessage; readonly outcome: Reject }[];
  readonly delays: Delay[];
  readonly warnings: string[];
  readonly reports: MessageReport[];
};

export const done = { outcome: "done", detail: "created" } as const;
export const retry = {
  outcome: "retry",
  reason: "unavailable",
  sentence: "Logto is down.",
} as const;
export const reject = { outcome: "reject", reason: "expired", sentence: "Too late." } as const;

/** Batch work whose every part can be replaced: it carries out everything, at `SENT_AT`. */
export function batchWork(parts: Partial<BatchWork> = {}): { work: BatchWork; log: WorkLog } {
  const log: WorkLog = {
    handled: [],
    acknowledged: [],
    deadLetters: [],
    delays: [],
    warnings: [],
    reports: [],
  };
  const handle = parts.handle ?? (() => Promise.resolve(done));
  return {
    log,
    work: {
      acknowledge: async ({ messageId }) => {
        log.acknowledged.push(messageId);
      },
      deadLetter: async (message, outcome) => {
        log.deadLetters.push({ message, outcome });
      },
      delay: async (delays) => {
        log.delays.push(
          ...delays.map(({ receiptHandle, seconds }) => ({ receiptHandle, seconds })),
        );
      },
      warn: (sentence) => log.warnings.push(sentence),
      report: (report) => log.reports.push(report),
      now: () => SENT_AT,
      random: () => 1,
      ...parts,
      handle: (task) => {
        log.handled.push(task.message.messageId);
        return handle(task);
      },
    },
  };
}

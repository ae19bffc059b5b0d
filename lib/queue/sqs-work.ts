import { anyText, type SettingsReader, url } from "../runtime/settings.ts";
import type { BatchWork } from "./batch.ts";

export type SqsWork = Pick<BatchWork, "acknowledge" | "deadLetter" | "delay">;

/**
 * The parts of a batch's work that are calls to SQS. The client is loaded when one is made: a batch
 * in which everything is done makes none.
 *
 * Settings: `QUEUE_URL`, the queue the function reads, and `DEAD_LETTER_QUEUE_URL`;
 * `AWS_LAMBDA_FUNCTION_NAME` is Lambda's own.
 *
 * @throws SettingsError
 */
export function sqsWork(settings: SettingsReader): SqsWork {
  const queueUrl = settings.required("QUEUE_URL", url("the URL of the queue the function reads"));
  const deadLetterQueueUrl = settings.required(
    "DEAD_LETTER_QUEUE_URL",
    url("the URL of that queue's dead-letter queue"),
  );
  const functionName = settings.optional(
    "AWS_LAMBDA_FUNCTION_NAME",
    anyText("the name of the function"),
    "by hand",
  );
  return {
    acknowledge: async ({ receiptHandle }) => {
      const { deleteMessage } = await import("./acknowledge.ts");
      await deleteMessage(queueUrl, receiptHandle);
    },
    deadLetter: async (message, outcome) => {
      const { sendDeadLetter } = await import("./dead-letter.ts");
      await sendDeadLetter(deadLetterQueueUrl, message, outcome, functionName, Date.now());
    },
    delay: async (delays) => {
      const { changeVisibility } = await import("./visibility.ts");
      await changeVisibility(queueUrl, delays);
    },
  };
}

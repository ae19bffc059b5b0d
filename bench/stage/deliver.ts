import type { Container } from "../../local/aws/container.ts";
import { startEventSourceMapping } from "../../local/aws/event-source-mapping.ts";
import type { Stage } from "./stage.ts";

const BATCH = 10;

/**
 * Hands the queue's messages to containers, ten to a batch, as Lambda does.
 *
 * @returns what stops it; it waits for the last deletions.
 */
export function startDelivery(
  { queue, aws }: Stage,
  containers: readonly Container[],
): () => Promise<void> {
  const free = [...containers];
  const mapping = startEventSourceMapping({
    queue,
    sqs: aws.sqs,
    batchSize: BATCH,
    maximumConcurrency: containers.length,
    reportBatchItemFailures: true,
    createContainer: () => {
      const container = free.pop();
      if (container === undefined) throw new Error(`There are ${containers.length} containers.`);
      return container;
    },
  });
  return mapping.stop;
}

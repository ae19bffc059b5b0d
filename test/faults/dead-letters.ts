import type { DeadLetter } from "../../lib/dead-letters/dead-letter.ts";
import { deleteDeadLetter, receiveDeadLetters } from "../../lib/dead-letters/queue.ts";
import { QUEUE_NAMES } from "../../lib/events/queue-name.ts";
import type { Stage } from "./stage.ts";

/** Everything that was given up in a run. Taken out as it is read, or others would hide behind it. */
export async function drainDeadLetters({ aws, queues }: Stage): Promise<readonly DeadLetter[]> {
  const drained: DeadLetter[] = [];
  for (const name of QUEUE_NAMES) {
    const { deadLetterQueueUrl } = queues[name];
    for await (const letters of receiveDeadLetters(aws.sqs, deadLetterQueueUrl, 100)) {
      for (const letter of letters) await deleteDeadLetter(aws.sqs, deadLetterQueueUrl, letter);
      drained.push(...letters);
    }
  }
  return drained;
}

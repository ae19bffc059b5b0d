import type { DeadLetter } from "../../lib/dead-letters/dead-letter.ts";
import { deleteDeadLetter, receiveDeadLetters } from "../../lib/dead-letters/queue.ts";
import type { Stage } from "./stage.ts";

/** Everything that was given up in a run. Taken out as it is read, or others would hide behind it. */
export async function drainDeadLetters({
  aws,
  deadLetterQueueUrl,
}: Stage): Promise<readonly DeadLetter[]> {
  const drained: DeadLetter[] = [];
  for await (const letters of receiveDeadLetters(aws.sqs, deadLetterQueueUrl, 100)) {
    for (const letter of letters) await deleteDeadLetter(aws.sqs, deadLetterQueueUrl, letter);
    drained.push(...letters);
  }
  return drained;
}

import { eventMessage } from "../../lib/events/message.ts";
import type { Outcome } from "../../lib/events/outcome.ts";
import type { QueueName } from "../../lib/events/queue-name.ts";
import type { Dice } from "./dice.ts";
import { LATE } from "./queue-proxy.ts";
import { malformedBody } from "./scripts.ts";

/** A message as it is put into the queue. */
export type FaultMessage = {
  readonly kind: "event" | "repeat" | "late-repeat" | "malformed";
  readonly queue: QueueName;
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
};

/** Shares of the events that come twice, and of malformed bodies beside them. */
const REPEATED = 0.05;
const MALFORMED = 0.02;

/**
 * All messages of a run in the order in which they are published: the scripts side by side, some
 * events twice (half of those at once, half long after, as far as they were carried out), and bodies
 * that are no event of their queue.
 *
 * @param scripts the events of each script, as CloudEvents.
 */
export function writeMessages(
  scripts: readonly (readonly unknown[])[],
  outcomes: ReadonlyMap<string, Outcome>,
  dice: Dice,
): readonly FaultMessage[] {
  const sequences = scripts.map((script) => {
    const sequence: FaultMessage[] = [];
    const lateOnes: FaultMessage[] = [];
    for (const event of script) {
      const { id, type, ...message } = toMessage(event);
      sequence.push(message);
      const roll = dice.roll(`repeat ${id}`) / REPEATED;
      if (roll < 0.5) sequence.push({ ...message, kind: "repeat" });
      else if (roll < 1 && mayComeLate(type) && outcomes.get(id)?.outcome === "done") {
        const deduplicationId = `${LATE}${message.deduplicationId}`;
        lateOnes.push({ ...message, kind: "late-repeat", deduplicationId });
      }
    }
    return [...sequence, ...lateOnes];
  });
  const waves = Math.max(...sequences.map(({ length }) => length));
  const messages = Array.from({ length: waves }, (_, wave) =>
    sequences.flatMap((sequence) => sequence[wave] ?? []),
  ).flat();
  const count = Math.round(messages.length * MALFORMED);
  const malformed = Array.from({ length: count }, (_, number): FaultMessage => {
    const name = `malformed-${number}`;
    const queue = dice.pick<QueueName>(`queue ${name}`, ["invitations", "role-scopes"]);
    const body = malformedBody(name, queue, dice);
    return { kind: "malformed", queue, body, groupId: name, deduplicationId: name };
  });
  // Spread out among the others.
  const step = Math.max(1, Math.floor(messages.length / Math.max(1, count)));
  return messages.flatMap((message, index) => {
    const extra = index % step === 0 ? malformed[index / step] : undefined;
    return extra === undefined ? [message] : [extra, message];
  });
}

/** Later revokes and changes of a role act by design, and a later resend mails again. */
const mayComeLate = (type: string): boolean => /\.(?:create|accept)$/.test(type);

function toMessage(event: unknown): FaultMessage & { readonly id: string; readonly type: string } {
  const made = eventMessage(event, Date.now());
  if (!made.ok) throw new Error(`The script wrote no event: ${JSON.stringify(made.problems)}`);
  const { eventId, eventType, queue, body, groupId, deduplicationId } = made.message;
  return { id: eventId, type: eventType, kind: "event", queue, body, groupId, deduplicationId };
}

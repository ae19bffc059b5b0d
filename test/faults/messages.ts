import { eventMessage } from "../../lib/events/message.ts";
import type { Outcome } from "../../lib/events/outcome.ts";
import type { Dice } from "./dice.ts";
import { LATE } from "./queue-proxy.ts";
import { type Invitee, malformedBody, SOURCE } from "./scripts.ts";
import { cloudEvent, type Tenant } from "./tenant.ts";

/** A message as it is put into the queue. */
export type FaultMessage = {
  readonly kind: "event" | "repeat" | "late-repeat" | "malformed";
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
 * that are no event.
 */
export function writeMessages(
  invitees: readonly Invitee[],
  tenant: Tenant,
  timeOf: (eventId: string) => number,
  outcomes: ReadonlyMap<string, Outcome>,
  dice: Dice,
): readonly FaultMessage[] {
  const scripts = invitees.map((invitee) => {
    const sequence: FaultMessage[] = [];
    const lateOnes: FaultMessage[] = [];
    for (const [index, { id, type }] of invitee.events.entries()) {
      const message = toMessage(cloudEvent(invitee, index, SOURCE, timeOf(id), tenant));
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
  const waves = Math.max(...scripts.map(({ length }) => length));
  const messages = Array.from({ length: waves }, (_, wave) =>
    scripts.flatMap((script) => script[wave] ?? []),
  ).flat();
  const count = Math.round(messages.length * MALFORMED);
  const malformed = Array.from({ length: count }, (_, number): FaultMessage => {
    const name = `malformed-${number}`;
    const body = malformedBody(name, dice);
    return { kind: "malformed", body, groupId: name, deduplicationId: name };
  });
  // Spread out among the others.
  const step = Math.max(1, Math.floor(messages.length / Math.max(1, count)));
  return messages.flatMap((message, index) => {
    const extra = index % step === 0 ? malformed[index / step] : undefined;
    return extra === undefined ? [message] : [extra, message];
  });
}

/** Later revokes act by design, and a later resend mails again. */
const mayComeLate = (type: string): boolean => /\.(?:create|accept)$/.test(type);

function toMessage(event: unknown): FaultMessage {
  const made = eventMessage(event, Date.now());
  if (!made.ok) throw new Error(`The script wrote no event: ${JSON.stringify(made.problems)}`);
  const { body, groupId, deduplicationId } = made.message;
  return { kind: "event", body, groupId, deduplicationId };
}

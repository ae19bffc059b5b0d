import type { EventType } from "../events/event.ts";
import { eventMessage, type MessageOrProblem } from "../events/message.ts";

/** The `source` of every event that a reconciliation publishes. */
const SOURCE = "/logto-onboarding/reconcile";

/**
 * An event of a reconciliation. Its id says what is to be done and nothing else: a second run that
 * finds the same gives the same id, and SQS drops a repeat within five minutes.
 *
 * @param at its time, epoch milliseconds.
 */
export const reconcileEvent = (
  id: string,
  type: EventType,
  data: Readonly<Record<string, unknown>>,
  at: number,
): MessageOrProblem =>
  eventMessage(
    { specversion: "1.0", id, source: SOURCE, type, time: new Date(at).toISOString(), data },
    at,
  );

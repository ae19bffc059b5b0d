import type { EventMessage } from "../events/message.ts";

/** Counts what a run publishes. */
export type Published = {
  /** Told of an event before it is published … */
  readonly plan: () => void;
  /** … and when it is. */
  readonly add: (message: EventMessage) => void;
  /** By event type. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first hundred. */
  readonly eventIds: readonly string[];
  /** How many were planned and not published. */
  readonly unsent: () => number;
};

const EVENT_IDS = 100;

/** @param onPublished told of the id of each event that is published. */
export function createPublished(onPublished: (eventId: string) => void): Published {
  const counts: Record<string, number> = {};
  const eventIds: string[] = [];
  let unsent = 0;
  return {
    plan: () => {
      unsent += 1;
    },
    add: ({ eventId, eventType }) => {
      unsent -= 1;
      onPublished(eventId);
      counts[eventType] = (counts[eventType] ?? 0) + 1;
      if (eventIds.length < EVENT_IDS) eventIds.push(eventId);
    },
    counts,
    eventIds,
    unsent: () => unsent,
  };
}

import type { EventOf, EventType, OnboardingEvent } from "./event.ts";

/** The queues of the contract: what an event changes decides to which it is published. */
export type QueueName = "invitations" | "role-scopes";

export const QUEUE_NAMES: readonly QueueName[] = ["invitations", "role-scopes"];

const PREFIXES = {
  invitations: "onboarding.invitation.",
  "role-scopes": "onboarding.role-scopes.",
} as const satisfies Readonly<Record<QueueName, string>>;

/** The events of one queue. */
export type EventFor<Name extends QueueName> = EventOf<
  Extract<EventType, `${(typeof PREFIXES)[Name]}${string}`>
>;

/** Whether an event belongs to a queue. */
export const isFor = <Name extends QueueName>(
  queue: Name,
  event: OnboardingEvent,
): event is EventFor<Name> => event.type.startsWith(PREFIXES[queue]);

/** The queue to which an event is published. */
export const queueNameOf = (event: OnboardingEvent): QueueName =>
  isFor("invitations", event) ? "invitations" : "role-scopes";

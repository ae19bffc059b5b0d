import type { Delivery } from "../events/delivery.ts";
import type { OnboardingEvent } from "../events/event.ts";

/** How long SQS itself drops a repeat of a message. */
const DEDUPLICATION_WINDOW_MS = 300_000;

type Asked = Pick<OnboardingEvent, "time">;

/**
 * When the change was asked for: the event's `time`, else when it was first sent to a queue.
 *
 * @returns epoch milliseconds.
 */
export const askedAt = (event: Asked, delivery: Delivery): number =>
  event.time === undefined ? (delivery.firstSentAt ?? delivery.sentAt) : Date.parse(event.time);

/**
 * Whether the message came to the queue long after the change was asked for: published late,
 * published twice, or redriven. What happened since may have happened after the event was carried
 * out.
 */
export const isPublishedLate = (event: Asked, delivery: Delivery): boolean =>
  delivery.deadLetteredAt !== undefined ||
  delivery.sentAt - askedAt(event, delivery) > DEDUPLICATION_WINDOW_MS;

/** Whether the event may have been carried out before. Saying yes costs one look. */
export const mayBeRepeat = (event: Asked, delivery: Delivery): boolean =>
  delivery.receiveCount > 1 || isPublishedLate(event, delivery);

/** How an event came: what a handler must know of it to tell a first delivery from a repeat. */
export type Delivery = {
  /** When the message was sent to the queue, epoch milliseconds. */
  readonly sentAt: number;
  /** When the event was first sent to a queue, where this message is a redriven one. */
  readonly firstSentAt?: number;
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** When the event was dead-lettered, epoch milliseconds; absent unless it was redriven. */
  readonly deadLetteredAt?: number;
};

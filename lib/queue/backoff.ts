const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 900;

/** SQS takes no visibility timeout beyond twelve hours, counted from the receive. */
const SQS_LONGEST_SECONDS = 43_000;

/**
 * How long a message waits before it is received again: a pure function. It doubles with each
 * receive, from 5 s to 15 min, less up to half so that many messages do not come back at once. What
 * the answer asked for (`Retry-After`) goes before it.
 *
 * @param receiveCount how often the message has been received, 1 for the first time.
 * @param retryAfterSeconds what the answer asked for.
 * @param random from 0 to 1.
 * @returns whole seconds, a visibility timeout.
 */
export function backoffSeconds(
  receiveCount: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number {
  if (retryAfterSeconds !== undefined) {
    const spread = 1 + random / 10;
    const seconds = Math.max(SHORTEST_SECONDS, Math.ceil(retryAfterSeconds * spread));
    return Math.min(seconds, SQS_LONGEST_SECONDS);
  }
  const doublings = Math.min(Math.max(receiveCount, 1) - 1, 10);
  const ceiling = Math.min(SHORTEST_SECONDS * 2 ** doublings, LONGEST_SECONDS);
  return Math.max(SHORTEST_SECONDS, Math.round(ceiling * (0.5 + random / 2)));
}

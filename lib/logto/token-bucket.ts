import PQueue from "p-queue";

/** Lets one go after the other, as fast as a bucket of tokens allows that fills at a steady rate. */
export type TokenBucket = {
  /** Waits for a token. First come, first served. Rejects with the signal's reason when aborted. */
  readonly take: (signal?: AbortSignal) => Promise<void>;
};

/**
 * @param capacity tokens that the bucket holds, and holds at the beginning; at least 1.
 * @param perSecond tokens that come into it.
 */
export function createTokenBucket(capacity: number, perSecond: number): TokenBucket {
  const tokenMs = 1000 / perSecond;
  // One waits for a token, the others for their turn.
  const turns = new PQueue({ concurrency: 1 });
  /** When the bucket is full again, by the clock that is never set. */
  let fullAt = 0;

  const waitMs = (): number => fullAt - (capacity - 1) * tokenMs - performance.now();
  const spend = (): void => {
    fullAt = Math.max(fullAt, performance.now()) + tokenMs;
  };
  const next = async (signal: AbortSignal | undefined): Promise<void> => {
    for (let ms = waitMs(); ms > 0; ms = waitMs()) await pause(ms, signal);
    spend();
  };
  return {
    take: async (signal) => {
      signal?.throwIfAborted();
      const isFree = turns.pending === 0 && turns.size === 0 && waitMs() <= 0;
      if (isFree) spend();
      else await turns.add(() => next(signal), signal === undefined ? {} : { signal });
    },
  };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, Math.ceil(ms));
    signal?.addEventListener("abort", abort, { once: true });
  });
}

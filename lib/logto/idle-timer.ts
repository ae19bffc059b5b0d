/** Ends a request that nothing comes of. */
export type IdleTimer = {
  /** Aborts with a TimeoutError, as `AbortSignal.timeout` does. */
  readonly signal: AbortSignal;
  /** Waits for what comes next. Only waiting counts: between two waits any time may pass. */
  readonly wait: <Result>(next: () => Promise<Result>) => Promise<Result>;
  /** For how long all in all was waited, in milliseconds. */
  readonly waitedMs: () => number;
};

/** @param timeoutMs how long one wait may take. */
export function createIdleTimer(timeoutMs: number): IdleTimer {
  const controller = new AbortController();
  const timedOut = () => controller.abort(new DOMException("Nothing came.", "TimeoutError"));
  let waitedMs = 0;
  return {
    signal: controller.signal,
    wait: async (next) => {
      const startedAt = performance.now();
      const timer = setTimeout(timedOut, timeoutMs);
      try {
        return await next();
      } finally {
        clearTimeout(timer);
        waitedMs += performance.now() - startedAt;
      }
    },
    waitedMs: () => waitedMs,
  };
}

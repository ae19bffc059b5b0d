import { setTimeout as sleep } from "node:timers/promises";

/** Keeps the average below so many requests per second; `Infinity` never waits. */
export type RequestBudget = {
  /** Waits until one more request may be sent. */
  take(): Promise<void>;
  /** Waits until so many may be sent at the same moment; the next so many `take` at once. */
  prepay(requests: number): Promise<void>;
};

export function createRequestBudget(requestsPerSecond: number): RequestBudget {
  let freeAt = 0;
  let prepaid = 0;

  /** Saves up first, so that a burst does not exceed the average. */
  async function waitFor(requests: number): Promise<void> {
    freeAt = Math.max(freeAt, performance.now()) + (requests * 1000) / requestsPerSecond;
    const delayMs = freeAt - performance.now();
    if (delayMs > 0) await sleep(delayMs);
  }

  return {
    async take() {
      if (prepaid > 0) prepaid -= 1;
      else await waitFor(1);
    },
    async prepay(requests) {
      await waitFor(requests);
      prepaid += requests;
    },
  };
}

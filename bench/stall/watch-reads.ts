import { setTimeout as wait } from "node:timers/promises";
import type { Stage } from "../stage/stage.ts";

const EVERY_MS = 100;

/**
 * Reads the organization again and again, as an application does that has nothing to do with invitations.
 *
 * @returns what ends it and gives the longest that a read took, in milliseconds; one that failed
 * counts with the time until then.
 */
export function watchReads({ management, organizationId }: Stage): {
  readonly stop: () => Promise<number>;
} {
  let slowestMs = 0;
  const stopping = new AbortController();
  const read = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      await management("GET", `/api/organizations/${organizationId}`).catch(() => undefined);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await wait(EVERY_MS);
    }
  };
  const reading = read();
  return {
    stop: async () => {
      stopping.abort();
      await reading;
      return slowestMs;
    },
  };
}

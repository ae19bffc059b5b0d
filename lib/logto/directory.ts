import type { LogtoClient } from "./client.ts";

/** A list of Logto's that is kept in memory to find names in. */
export type Directory<Entry> = {
  /**
   * What `search` finds among the entries; `undefined` when Logto has none such.
   *
   * @param logto on whose behalf Logto is asked, where it has to be.
   */
  readonly find: <Found>(
    search: (entries: readonly Entry[]) => Found | undefined,
    logto: LogtoClient,
  ) => Promise<Found | undefined>;
  /** Reads anew for the next question: what was found has turned out to be gone. */
  readonly forget: () => void;
};

/**
 * Keeps a list in memory: it is read once for as long as it is fresh, and once more when something
 * is not in it, for that may be new.
 *
 * @param read reads the whole list.
 * @param ttlMs how long a read is used.
 * @param now epoch milliseconds.
 */
export function createDirectory<Entry>(
  read: (logto: LogtoClient) => Promise<readonly Entry[]>,
  ttlMs: number,
  now: () => number,
): Directory<Entry> {
  let entries: readonly Entry[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;

  const refresh = (logto: LogtoClient): Promise<void> => {
    const beganAt = now();
    pending ??= read(logto)
      .then((found) => {
        entries = found;
        readAt = beganAt;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  return {
    find: async (search, logto) => {
      const askedAt = now();
      if (askedAt - readAt >= ttlMs) await refresh(logto);
      // Only a read that began no earlier than the question says that there is none. The one that is
      // waited for may have begun before.
      while (search(entries) === undefined && readAt < askedAt) await refresh(logto);
      return search(entries);
    },
    forget: () => {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}

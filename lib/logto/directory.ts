import type { LogtoClient } from "./client.ts";

/** A list of Logto's that is kept in memory to find names in. */
export type Directory<Entry> = {
  /**
   * What `search` finds among the entries; what Logto does not have is `undefined`. One question, however
   * many things it asks for: the list is read anew at most once on its account.
   *
   * @param logto on whose behalf Logto is asked, where it has to be.
   */
  readonly find: <Found>(
    search: (entries: readonly Entry[]) => readonly (Found | undefined)[],
    logto: LogtoClient,
  ) => Promise<readonly (Found | undefined)[]>;
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
  /** How many reads were begun, and which of them the entries are from. Clocks go back, a count does not. */
  let begun = 0;
  let readNumber = 0;
  let pending: Promise<void> | undefined;
  let timesForgotten = 0;

  const refresh = async (logto: LogtoClient): Promise<void> => {
    const beganAt = now();
    begun += 1;
    const number = begun;
    const forgottenBefore = timesForgotten;
    // What was forgotten meanwhile may be in this read as it was.
    const isOfUse = () => forgottenBefore === timesForgotten;
    try {
      const found = await read(logto);
      if (!isOfUse()) return;
      entries = found;
      readAt = beganAt;
      readNumber = number;
    } finally {
      if (isOfUse()) pending = undefined;
    }
  };

  return {
    find: async (search, logto) => {
      const askedAt = now();
      const begunBefore = begun;
      for (;;) {
        // Only a read that began no earlier than the question says that there is none. The one that is
        // waited for may have begun before.
        const isNew = readNumber > begunBefore;
        const ageMs = askedAt - readAt;
        if (isNew || (ageMs >= 0 && ageMs < ttlMs)) {
          const found = search(entries);
          if (isNew || !found.includes(undefined)) return found;
        }
        pending ??= refresh(logto);
        await pending;
      }
    },
    forget: () => {
      timesForgotten += 1;
      readAt = Number.NEGATIVE_INFINITY;
      pending = undefined;
    },
  };
}

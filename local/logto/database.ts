/** The part of PostgreSQL's connection pool that callers can feel: there are only so many, and waiting ends. */
export type Database = {
  /** Runs one query on a connection of its own. */
  query<T>(work: () => T): Promise<T>;
  /** Holds one connection for as long as the work takes, then runs the commit that the work returned. */
  transaction<T>(work: () => Promise<() => T>): Promise<T>;
  /**
   * Waits until nobody else claims this key, then claims it until the returned function is called:
   * a second insert into a unique index waits for the first one to be committed or rolled back.
   */
  claim(key: string): Promise<() => void>;
  /** Connections held now, and callers waiting for one. */
  usage(): { held: number; waiting: number };
};

/** The database could not do it: no free connection, a transaction ended, a value it cannot hold. */
export class DatabaseFailure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "DatabaseFailure";
  }
}

/** A semaphore of `connections`; a caller waits at most `connectionTimeoutMs` for its turn, first come first served. */
export function createDatabase(options: {
  connections: number;
  connectionTimeoutMs: number;
  queryDelayMs: number;
  transactionTimeoutMs: number;
}): Database {
  let free = options.connections;
  const waiting = new Set<() => void>();
  const claims = new Map<string, Promise<void>>();

  /** Even at no delay, other requests come in between two statements, as with a real database. */
  function roundTrip(): Promise<void> {
    return new Promise((resolve) => {
      if (options.queryDelayMs > 0) setTimeout(resolve, options.queryDelayMs);
      else setImmediate(resolve);
    });
  }

  function acquire(): Promise<void> {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        waiting.delete(turn);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(turn);
        reject(new DatabaseFailure("No connection became free in time."));
      }, options.connectionTimeoutMs).unref();
      waiting.add(turn);
    });
  }

  function release(): void {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  }

  return {
    async query(work) {
      await acquire();
      try {
        await roundTrip();
        return work();
      } finally {
        release();
      }
    },

    async transaction(work) {
      await acquire();
      const startedAt = performance.now();
      try {
        await roundTrip();
        const commit = await work();
        if (performance.now() - startedAt > options.transactionTimeoutMs) {
          throw new DatabaseFailure("The transaction idled too long.");
        }
        return commit();
      } catch (error) {
        await roundTrip(); // the rollback
        throw error;
      } finally {
        release();
      }
    },

    async claim(key) {
      for (let other = claims.get(key); other; other = claims.get(key)) await other;
      const { promise, resolve } = Promise.withResolvers<void>();
      claims.set(key, promise);
      return () => {
        claims.delete(key);
        resolve();
      };
    },

    usage: () => ({ held: options.connections - free, waiting: waiting.size }),
  };
}

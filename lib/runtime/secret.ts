/** The secret cannot be read and no earlier value is at hand. */
export class SecretUnavailableError extends Error {
  override readonly name = "SecretUnavailableError";
}

export type SecretOptions<Value> = {
  /** Reads the secret's text. */
  readonly read: () => Promise<string>;
  /** Turns the text into a value; throws when it cannot be used. */
  readonly parse: (text: string) => Value;
  /** How long a value is used before it is read again, in milliseconds. */
  readonly ttlMs: number;
  /** Told when reading failed and an earlier value is used in its place. */
  readonly onStale?: (error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now?: () => number;
};

export type Secret<Value> = {
  /** The value: from memory while it is fresh. */
  readonly get: () => Promise<Value>;
  /** The value read anew, for when the one in use was refused. */
  readonly refresh: () => Promise<Value>;
};

/** While Secrets Manager is down it is asked this often, not for every message. */
const STALE_FOR_MS = 30_000;

/**
 * Keeps a secret in memory. One read is under way however many wait, and while reading fails the
 * last value is used: an outage of Secrets Manager stops nothing that is running.
 */
export function cachedSecret<Value>(options: SecretOptions<Value>): Secret<Value> {
  const { now = Date.now } = options;
  let current: { value: Value; freshUntil: number } | undefined;
  let pending: Promise<Value> | undefined;

  const load = async (): Promise<Value> => {
    try {
      const value = options.parse(await options.read());
      current = { value, freshUntil: now() + options.ttlMs };
      return value;
    } catch (error) {
      if (current === undefined) throw error;
      options.onStale?.(error);
      current = { ...current, freshUntil: now() + Math.min(STALE_FOR_MS, options.ttlMs) };
      return current.value;
    }
  };
  const refresh = (): Promise<Value> => {
    pending ??= load().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return {
    refresh,
    get: async () =>
      current !== undefined && now() < current.freshUntil ? current.value : refresh(),
  };
}

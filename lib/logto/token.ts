import type { Credentials } from "./credentials.ts";

export type AccessToken = {
  readonly value: string;
  /** The credentials it was issued for: with others it is of no use. */
  readonly credentials: Credentials;
  /** Epoch milliseconds from which a new one is asked for. */
  readonly renewAt: number;
};

/** A new token is asked for this long before the old one expires, so that none expires in flight. */
const RENEW_BEFORE_EXPIRY_MS = 60_000;

export type TokenCache = {
  /** The token in use for these credentials, or a new one. */
  readonly get: (credentials: Credentials) => Promise<AccessToken>;
  /** A new token instead of one that Logto refused: one request, however many calls were refused. */
  readonly replace: (refused: AccessToken, credentials: Credentials) => Promise<AccessToken>;
};

/**
 * Keeps one access token. However many callers wait for it, one request is under way, and it is
 * renewed when somebody needs it, not by a timer.
 *
 * @param fetchToken asks Logto for a token; its answer is the token and its lifetime in seconds.
 * @param now epoch milliseconds.
 */
export function createTokenCache(
  fetchToken: (credentials: Credentials) => Promise<{ value: string; expiresInSeconds: number }>,
  now: () => number,
): TokenCache {
  let current: AccessToken | undefined;
  let pending: { credentials: Credentials; token: Promise<AccessToken> } | undefined;

  const request = (credentials: Credentials): Promise<AccessToken> => {
    if (pending !== undefined && sameClient(pending.credentials, credentials)) return pending.token;
    const token = fetchToken(credentials).then(({ value, expiresInSeconds }) => {
      const lifetimeMs = expiresInSeconds * 1000;
      const renewAt = now() + Math.max(lifetimeMs - RENEW_BEFORE_EXPIRY_MS, lifetimeMs / 2);
      current = { value, credentials, renewAt };
      return current;
    });
    const mine = { credentials, token };
    pending = mine;
    const settle = () => {
      if (pending === mine) pending = undefined;
    };
    token.then(settle, settle);
    return token;
  };

  const usable = (credentials: Credentials): AccessToken | undefined =>
    current !== undefined && now() < current.renewAt && sameClient(current.credentials, credentials)
      ? current
      : undefined;

  return {
    get: async (credentials) => usable(credentials) ?? request(credentials),
    replace: async (refused, credentials) => {
      if (current?.value === refused.value) current = undefined;
      return usable(credentials) ?? request(credentials);
    },
  };
}

/** Whether two credentials are those of the same app with the same secret. */
export const sameClient = (a: Credentials, b: Credentials): boolean =>
  a.endpoint === b.endpoint &&
  a.appId === b.appId &&
  a.appSecret === b.appSecret &&
  a.resource === b.resource;

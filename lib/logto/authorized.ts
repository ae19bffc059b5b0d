import { abortable } from "./abortable.ts";
import type { Credentials, CredentialsSource } from "./credentials.ts";
import { UnauthorizedError } from "./errors.ts";
import { type AccessToken, sameClient, type TokenCache } from "./token.ts";

/**
 * Runs `attempt` with a token, a new one when it is refused, and a freshly read secret after that.
 *
 * @param signal ends the waiting for the secret and the token.
 * @throws what the last attempt threw.
 */
export async function authorized<Result>(
  source: CredentialsSource,
  tokens: TokenCache,
  signal: AbortSignal | undefined,
  attempt: (token: AccessToken) => Promise<Result>,
): Promise<Result> {
  const credentials = await abortable(source.get(), signal);
  let refused: AccessToken | undefined;
  const tryWith = async (token: Promise<AccessToken>): Promise<Result> => {
    refused = await abortable(token, signal);
    return attempt(refused);
  };
  const unlessUnauthorized = (error: unknown): UnauthorizedError => {
    if (error instanceof UnauthorizedError) return error;
    throw error;
  };
  const replacement = (anew: Credentials): Promise<AccessToken> =>
    refused === undefined ? tokens.get(anew) : tokens.replace(refused, anew);

  let refusal: UnauthorizedError;
  try {
    return await tryWith(tokens.get(credentials));
  } catch (error) {
    refusal = unlessUnauthorized(error);
  }
  if (refusal.operation !== "token") {
    try {
      return await tryWith(replacement(credentials));
    } catch (error) {
      refusal = unlessUnauthorized(error);
    }
  }
  const fresh = await abortable(source.refresh(), signal);
  if (sameClient(fresh, credentials)) throw refusal;
  return tryWith(replacement(fresh));
}

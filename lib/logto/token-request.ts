import * as v from "valibot";
import type { Credentials } from "./credentials.ts";
import { logtoError } from "./errors.ts";
import type { ApiAnswer, Exchange } from "./exchange.ts";
import type { HttpRequest } from "./http.ts";

/** The scope that opens the Management API. Logto has no finer one. */
const SCOPE = "all";

/** An access token, and how long it is good. */
export type FetchedToken = { readonly value: string; readonly expiresInSeconds: number };

/**
 * Asks for an access token: `POST {endpoint}/oidc/token`, client credentials, basic auth.
 *
 * @throws LogtoError; NotConfiguredError when the token lacks the scope `all`: Logto gives such a token
 * with a 200, and every call with it a 403.
 */
export function fetchToken(
  credentials: Credentials,
  exchange: Exchange,
  timeoutMs: number,
): Promise<FetchedToken> {
  const request = tokenRequest(credentials, AbortSignal.timeout(timeoutMs));
  return exchange("token", {}, request, readToken);
}

function tokenRequest(
  { endpoint, appId, appSecret, resource }: Credentials,
  signal: AbortSignal,
): HttpRequest {
  // RFC 6749, 2.3.1: id and secret are form-encoded before they are put together.
  const basic = Buffer.from(`${formEncode(appId)}:${formEncode(appSecret)}`).toString("base64");
  return {
    method: "POST",
    url: `${endpoint}/oidc/token`,
    headers: {
      authorization: `Basic ${basic}`,
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      resource,
      scope: SCOPE,
    }).toString(),
    signal,
  };
}

function readToken({ status, json }: ApiAnswer<unknown>): FetchedToken {
  const answer = v.safeParse(tokenAnswer, json());
  if (!answer.success) {
    throw logtoError("unavailable", "the answer is not one that Logto gives", {
      operation: "token",
      status,
      code: "no-token",
    });
  }
  const { access_token, expires_in, scope } = answer.output;
  if (!(scope ?? "").split(" ").includes(SCOPE)) {
    throw logtoError(
      "not-configured",
      "the app may not use the Management API: give it a machine-to-machine role with the scope all",
      { operation: "token", status, code: "no-scope" },
    );
  }
  return { value: access_token, expiresInSeconds: expires_in };
}

const tokenAnswer = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  expires_in: v.pipe(v.number(), v.minValue(0)),
  scope: v.optional(v.string()),
});

const formEncode = (value: string): string =>
  new URLSearchParams({ "": value }).toString().slice(1);

import * as v from "valibot";
import type { Credentials } from "./credentials.ts";
import { logtoError } from "./errors.ts";

/** The scope that opens the Management API. Logto has no finer one. */
const SCOPE = "all";

/**
 * Asks for an access token: `POST {endpoint}/oidc/token`, client credentials, basic auth.
 *
 * @param fetch throws a LogtoError for every answer but a good one.
 * @throws NotConfiguredError when the token lacks the scope `all`: Logto gives such a token with a
 * 200, and every call with it a 403.
 */
export async function fetchToken(
  { endpoint, appId, appSecret, resource }: Credentials,
  fetch: (request: Request) => Promise<Response>,
  signal: AbortSignal,
): Promise<{ value: string; expiresInSeconds: number }> {
  // RFC 6749, 2.3.1: id and secret are form-encoded before they are put together.
  const basic = Buffer.from(`${formEncode(appId)}:${formEncode(appSecret)}`).toString("base64");
  const response = await fetch(
    new Request(`${endpoint}/oidc/token`, {
      method: "POST",
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource, scope: SCOPE }),
      // The secret goes to the endpoint that was configured and nowhere else.
      redirect: "manual",
      signal,
    }),
  );
  const answer = v.safeParse(tokenAnswer, await response.json());
  if (!answer.success) {
    throw logtoError("unavailable", "the answer is not one that Logto gives", {
      operation: "token",
      status: response.status,
      code: "no-token",
    });
  }
  const { access_token, expires_in, scope } = answer.output;
  if (!(scope ?? "").split(" ").includes(SCOPE)) {
    throw logtoError(
      "not-configured",
      "the app may not use the Management API: give it a machine-to-machine role with the scope all",
      { operation: "token", status: response.status, code: "no-scope" },
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

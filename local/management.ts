import type { Credentials } from "../lib/logto/credentials.ts";
import { fetchToken } from "../lib/logto/token-request.ts";

/** Any call of the Management API, as JSON in and out: for setting a Logto up, not for the product. */
export type Management = (method: string, path: string, body?: unknown) => Promise<unknown>;

const TIMEOUT_MS = 15_000;

/**
 * @throws Error saying that Logto cannot be reached or refuses the credentials, and what to check.
 */
export async function createManagement(credentials: Credentials): Promise<Management> {
  const token = await fetchToken(credentials, answered, AbortSignal.timeout(TIMEOUT_MS));
  return async (method, path, body) => {
    const response = await answered(
      new Request(`${credentials.endpoint}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token.value}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
    const text = await response.text();
    return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  };
}

async function answered(request: Request): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  const check = "check LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET and LOGTO_RESOURCE";
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    throw new Error(`Logto at ${origin} does not answer: ${check}.`, { cause: error });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`Logto answered ${response.status} to ${request.method} ${pathname}: ${check}.`);
}

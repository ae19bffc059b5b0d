import type { Credentials } from "../lib/logto/credentials.ts";
import { fetchToken } from "../lib/logto/token-request.ts";

/** Any call of the Management API, as JSON in and out: for setting a Logto up, not for the product. */
export type Management = (method: string, path: string, body?: unknown) => Promise<unknown>;

const TIMEOUT_MS = 15_000;

/**
 * @param credentials asked for with each new token: they may have changed.
 * @throws Error saying that Logto cannot be reached or refuses the credentials, and what to check.
 */
export async function createManagement(credentials: () => Credentials): Promise<Management> {
  const newToken = () => fetchToken(credentials(), answered, AbortSignal.timeout(TIMEOUT_MS));
  let token = await newToken();
  const send = (method: string, path: string, body: unknown): Promise<Response> =>
    fetchAnswer(
      new Request(`${credentials().endpoint}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token.value}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
  return async (method, path, body) => {
    let response = await send(method, path, body);
    if (response.status === 401) {
      token = await newToken();
      response = await send(method, path, body);
    }
    const text = await (await good(response, method, path)).text();
    return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  };
}

const CHECK = "check LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET and LOGTO_RESOURCE";

async function answered(request: Request): Promise<Response> {
  const response = await good(
    await fetchAnswer(request),
    request.method,
    new URL(request.url).pathname,
  );
  if (response.headers.get("content-type")?.includes("json")) return response;
  throw new Error(`What answers at ${new URL(request.url).origin} is not Logto: ${CHECK}.`);
}

async function fetchAnswer(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const { origin } = new URL(request.url);
    throw new Error(`Logto at ${origin} does not answer: ${CHECK}.`, { cause: error });
  }
}

async function good(response: Response, method: string, path: string): Promise<Response> {
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`Logto answered ${response.status} to ${method} ${path}: ${CHECK}.`);
}

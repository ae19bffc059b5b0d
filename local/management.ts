import type { Credentials } from "../lib/logto/credentials.ts";
import { BODY_LIMIT_BYTES, type Exchange } from "../lib/logto/exchange.ts";
import { createHttp, type HttpAnswer, type HttpRequest } from "../lib/logto/http.ts";
import { fetchToken } from "../lib/logto/token-request.ts";

/** Any call of the Management API, as JSON in and out: for setting a Logto up, not for the product. */
export type Management = (
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
) => Promise<unknown>;

const TIMEOUT_MS = 15_000;

/**
 * @param credentials asked for with each new token: they may have changed.
 * @throws Error saying that Logto cannot be reached or refuses the credentials, and what to check.
 */
export async function createManagement(credentials: () => Credentials): Promise<Management> {
  const http = createHttp();

  async function answered(request: HttpRequest): Promise<Answer> {
    const { origin } = new URL(request.url);
    try {
      const { status, header, text } = await http(request);
      return { status, header, text: await text(BODY_LIMIT_BYTES) };
    } catch (error) {
      throw new Error(`Logto at ${origin} does not answer: ${CHECK}.`, { cause: error });
    }
  }

  const exchangeToken: Exchange = async (operation, _context, request, read) => {
    const answer = await answered(request);
    const { origin, pathname } = new URL(request.url);
    const { status, header, text } = good(answer, request.method, pathname);
    if (!isJson(answer)) throw new Error(`What answers at ${origin} is not Logto: ${CHECK}.`);
    return read({ operation, status, header, json: () => JSON.parse(text) });
  };
  const newToken = () => fetchToken(credentials(), exchangeToken, TIMEOUT_MS);

  let token = await newToken();
  const send = (method: HttpRequest["method"], path: string, body: unknown): Promise<Answer> =>
    answered({
      method,
      url: `${credentials().endpoint}${path}`,
      headers: {
        authorization: `Bearer ${token.value}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  return async (method, path, body) => {
    let answer = await send(method, path, body);
    if (answer.status === 401) {
      token = await newToken();
      answer = await send(method, path, body);
    }
    const { text } = good(answer, method, path);
    return isJson(answer) ? JSON.parse(text) : text;
  };
}

type Answer = Pick<HttpAnswer, "status" | "header"> & { readonly text: string };

const isJson = ({ header }: Answer): boolean => header("content-type")?.includes("json") ?? false;

const CHECK = "check LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET and LOGTO_RESOURCE";

function good(answer: Answer, method: string, path: string): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`Logto answered ${answer.status} to ${method} ${path}: ${CHECK}.`);
}

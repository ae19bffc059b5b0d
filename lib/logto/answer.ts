import { type LogtoError, logtoError } from "./errors.ts";
import { meaningOf } from "./meanings.ts";
import type { Operation } from "./operations.ts";

/** An error body is small. One that is not comes from something else and is not read to its end. */
const ERROR_BODY_LIMIT_BYTES = 65_536;

/**
 * The error that an answer stands for. Of the body only `code` is read: the rest may hold the
 * connector's own request, with its authorization header, the link and the address.
 */
export async function errorOf(operation: Operation, response: Response): Promise<LogtoError> {
  const code = await codeOf(response);
  const { meaning, sentence } = meaningOf(operation, response.status, code);
  const requestId = response.headers.get("logto-core-request-id") ?? "";
  const retryAfterSeconds = parseRetryAfter(response.headers.get("retry-after"), Date.now());
  return logtoError(meaning, sentence, {
    operation,
    status: response.status,
    ...(code === undefined ? {} : { code }),
    ...(/^[\w-]{1,64}$/.test(requestId) ? { requestId } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** The answer is not what Logto gives: whether the call was carried out is not known. */
export const unexpectedAnswer = (operation: Operation, response: Response, code: string) =>
  logtoError("unavailable", "the answer is not one that Logto gives", {
    operation,
    status: response.status,
    code,
  });

/**
 * The same answer, with a body that fails once it is longer than `limitBytes`. One that announces
 * its length is refused at once.
 */
export function withBodyLimit(
  operation: Operation,
  response: Response,
  limitBytes: number,
): Response {
  const tooLarge = () => unexpectedAnswer(operation, response, "body-too-large");
  const announced = response.headers.get("content-length");
  const encoded = response.headers.has("content-encoding");
  if (announced !== null && Number(announced) > limitBytes) {
    void response.body?.cancel();
    throw tooLarge();
  }
  if (response.body === null || (announced !== null && !encoded)) return response;
  let receivedBytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      receivedBytes += chunk.byteLength;
      if (receivedBytes > limitBytes) controller.error(tooLarge());
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}

/**
 * Reads `Retry-After`: seconds, or an HTTP date.
 *
 * @param nowMs epoch milliseconds, for the date.
 * @returns seconds from now, at most an hour; `undefined` when there is none that makes sense.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - nowMs) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3_600) : undefined;
}

async function codeOf(response: Response): Promise<string | undefined> {
  try {
    const body: unknown = JSON.parse(await readText(response, ERROR_BODY_LIMIT_BYTES));
    if (typeof body !== "object" || body === null) return undefined;
    // The token endpoint answers with OAuth's `error` where it has no `code`.
    const code = "code" in body ? body.code : "error" in body ? body.error : undefined;
    return typeof code === "string" && /^[\w.-]{1,100}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

async function readText(response: Response, limitBytes: number): Promise<string> {
  let text = "";
  let receivedBytes = 0;
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    receivedBytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (receivedBytes > limitBytes) break;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

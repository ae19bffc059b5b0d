import { type LogtoError, logtoError } from "./errors.ts";
import { meaningOf } from "./meanings.ts";
import type { Operation } from "./operations.ts";

/** An error may quote the e-mail connector's request. One that is longer is no answer of Logto. */
const ERROR_BODY_LIMIT_BYTES = 4_194_304;

const LONGEST_RETRY_AFTER_SECONDS = 3_600;

/**
 * The error that an answer stands for. Of the body only `code` is read: the rest may hold the
 * connector's own request, with its authorization header, the link and the address.
 */
export async function errorOf(operation: Operation, response: Response): Promise<LogtoError> {
  const code = await codeOf(operation, response);
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
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text), LONGEST_RETRY_AFTER_SECONDS);
  // JavaScript takes nearly anything for a date. An HTTP date begins with the day of the week.
  const seconds = /^[A-Z][a-z]{2,8}, /.test(text) ? (Date.parse(text) - nowMs) / 1000 : Number.NaN;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_RETRY_AFTER_SECONDS);
}

/** @throws what ended the reading: an answer that is not whole says nothing. */
async function codeOf(operation: Operation, response: Response): Promise<string | undefined> {
  const body = parseJson(await readError(operation, response));
  if (typeof body !== "object" || body === null) return undefined;
  const code = "code" in body ? body.code : undefined;
  if (typeof code === "string") return isCode(code) ? code : undefined;
  // The token endpoint may answer as OAuth does. In the API an `error` is a proxy's.
  const error = operation === "token" && "error" in body ? body.error : undefined;
  return typeof error === "string" && isCode(error) ? `oidc.${error}` : undefined;
}

async function readError(operation: Operation, response: Response): Promise<string> {
  let text = "";
  let receivedBytes = 0;
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    receivedBytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (receivedBytes > ERROR_BODY_LIMIT_BYTES) {
      throw unexpectedAnswer(operation, response, "body-too-large");
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const isCode = (text: string): boolean => /^[\w.-]{1,100}$/.test(text);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

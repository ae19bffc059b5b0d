import { type LogtoError, logtoError } from "./errors.ts";
import { BodyTooLargeError, type HttpAnswer } from "./http.ts";
import { meaningOf } from "./meanings.ts";
import type { Operation } from "./operations.ts";

/** An error may quote the e-mail connector's request. One that is longer is no answer of Logto. */
const ERROR_BODY_LIMIT_BYTES = 4_194_304;

const LONGEST_RETRY_AFTER_SECONDS = 3_600;

/**
 * The error that an answer stands for. Of the body only `code` is read: the rest may hold the
 * connector's own request, with its authorization header, the link and the address.
 */
export async function errorOf(operation: Operation, answer: HttpAnswer): Promise<LogtoError> {
  const { status, header } = answer;
  const code = await codeOf(operation, answer);
  const { meaning, sentence } = meaningOf(operation, status, code);
  const requestId = header("logto-core-request-id") ?? "";
  const retryAfterSeconds = parseRetryAfter(header("retry-after"), Date.now());
  return logtoError(meaning, sentence, {
    operation,
    status,
    ...(code === undefined ? {} : { code }),
    ...(/^[\w-]{1,64}$/.test(requestId) ? { requestId } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** The answer is not what Logto gives: whether the call was carried out is not known. */
export const unexpectedAnswer = (
  operation: Operation,
  { status }: { readonly status?: number },
  code: string,
) =>
  logtoError("unavailable", "the answer is not one that Logto gives", {
    operation,
    ...(status === undefined ? {} : { status }),
    code,
  });

/**
 * Reads `Retry-After`: seconds, or an HTTP date.
 *
 * @param nowMs epoch milliseconds, for the date.
 * @returns seconds from now, at most an hour; `undefined` when there is none that makes sense.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text), LONGEST_RETRY_AFTER_SECONDS);
  // JavaScript takes nearly anything for a date. An HTTP date begins with the day of the week.
  const seconds = /^[A-Z][a-z]{2,8}, /.test(text) ? (Date.parse(text) - nowMs) / 1000 : Number.NaN;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_RETRY_AFTER_SECONDS);
}

/** @throws what ended the reading: an answer that is not whole says nothing. */
async function codeOf(operation: Operation, answer: HttpAnswer): Promise<string | undefined> {
  const body = parseJson(await bodyOf(operation, answer));
  if (typeof body !== "object" || body === null) return undefined;
  const code = "code" in body ? body.code : undefined;
  if (typeof code === "string") return isCode(code) ? code : undefined;
  // The token endpoint may answer as OAuth does. In the API an `error` is a proxy's.
  const error = operation === "token" && "error" in body ? body.error : undefined;
  return typeof error === "string" && isCode(error) ? `oidc.${error}` : undefined;
}

async function bodyOf(operation: Operation, answer: HttpAnswer): Promise<string> {
  try {
    return await answer.text(ERROR_BODY_LIMIT_BYTES);
  } catch (error) {
    const isTooLarge = error instanceof BodyTooLargeError;
    throw isTooLarge ? unexpectedAnswer(operation, answer, "body-too-large") : error;
  }
}

const isCode = (text: string): boolean => /^[\w.-]{1,100}$/.test(text);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { unexpectedAnswer } from "./answer.ts";
import { LogtoError, logtoError } from "./errors.ts";
import { BodyTooLargeError, ConnectionError } from "./http.ts";
import type { Operation } from "./operations.ts";

/**
 * What an attempt ended in, as a LogtoError; the caller's own reason where the caller ended it.
 *
 * @param status of the answer, where a good one came and could not be used.
 */
export function failureOf(
  error: unknown,
  operation: Operation,
  signal: AbortSignal | undefined,
  status: number | undefined,
): unknown {
  if (error instanceof LogtoError) return error;
  if (signal?.aborted) return signal.reason;
  if (error instanceof Error && error.name === "TimeoutError") {
    return logtoError("unavailable", "Logto did not answer in time", {
      operation,
      code: "timeout",
    });
  }
  if (error instanceof SyntaxError && status !== undefined) {
    return unexpectedAnswer(operation, { status }, "not-json");
  }
  if (error instanceof BodyTooLargeError) {
    return unexpectedAnswer(operation, { ...(status && { status }) }, "body-too-large");
  }
  if (error instanceof ConnectionError) {
    const { code } = error;
    return logtoError("unavailable", "the connection to Logto failed", { operation, code });
  }
  return error;
}

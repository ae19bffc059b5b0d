import { unexpectedAnswer } from "./answer.ts";
import { LogtoError, logtoError } from "./errors.ts";
import type { Operation } from "./operations.ts";

/**
 * What an attempt ended in, as a LogtoError; the caller's own reason where the caller ended it.
 *
 * @param answered the answer, where a good one came and could not be used.
 */
export function failureOf(
  error: unknown,
  operation: Operation,
  signal: AbortSignal | undefined,
  answered: Response | undefined,
): unknown {
  if (error instanceof LogtoError) return error;
  if (signal?.aborted) return signal.reason;
  if (error instanceof Error && error.name === "TimeoutError") {
    return logtoError("unavailable", "Logto did not answer in time", {
      operation,
      code: "timeout",
    });
  }
  if (error instanceof SyntaxError && answered !== undefined) {
    return unexpectedAnswer(operation, answered, "not-json");
  }
  if (error instanceof TypeError) {
    const code = networkCode(error) ?? "connection-failed";
    return logtoError("unavailable", "the connection to Logto failed", { operation, code });
  }
  return error;
}

/** `fetch` throws a TypeError whose cause says what the network said, such as ECONNREFUSED. */
function networkCode(error: Error): string | undefined {
  const { cause } = error;
  if (!(cause instanceof Error) || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}

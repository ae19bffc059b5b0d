import { describe, expect, test } from "vitest";
import { logtoError, type Meaning } from "../../../lib/logto/errors.ts";
import { delayBeforeRepeatMs, MAXIMUM_ATTEMPTS, repeated } from "../../../lib/logto/repeat.ts";

const failure = (
  meaning: Meaning,
  fields: { status?: number; code?: string; retryAfterSeconds?: number } = {},
) => logtoError(meaning, "a sentence", { operation: "invitations.get", ...fields });

describe("the delay before the next attempt", () => {
  test.each([
    [1, 0, 200],
    [1, 0.5, 300],
    [1, 1, 400],
    [2, 0, 400],
    [2, 1, 800],
  ])("after attempt %i with chance %d is %i ms", (attempt, random, delayMs) => {
    const error = failure("unavailable", { status: 503 });

    expect(delayBeforeRepeatMs(error, attempt, random)).toBe(delayMs);
  });

  test.each([429, 502, 503, 504])("is given after %i", (status) => {
    expect(delayBeforeRepeatMs(failure("unavailable", { status }), 1, 0)).toBe(200);
  });

  test.each(["ECONNREFUSED", "UND_ERR_SOCKET", "connection-failed"])(
    "is given after a connection that failed with %s",
    (code) => {
      expect(delayBeforeRepeatMs(failure("unavailable", { code }), 1, 0)).toBe(200);
    },
  );

  test.each([200, 302, 400, 401, 403, 404, 405, 408, 422, 500, 501, 505])(
    "is not given after %i",
    (status) => {
      expect(delayBeforeRepeatMs(failure("unavailable", { status }), 1, 0)).toBeUndefined();
    },
  );

  test("is not given after a timeout", () => {
    const error = failure("unavailable", { code: "timeout" });

    expect(delayBeforeRepeatMs(error, 1, 0)).toBeUndefined();
  });

  test("is not given for the limit of a recipient, which lasts minutes", () => {
    const error = failure("recipient-rate-limited", { status: 429 });

    expect(delayBeforeRepeatMs(error, 1, 0)).toBeUndefined();
  });

  test.each([new TypeError("a bug"), new Error("anything"), "text", undefined, null])(
    "is not given for what is no error of Logto: %s",
    (error) => {
      expect(delayBeforeRepeatMs(error, 1, 0)).toBeUndefined();
    },
  );

  test.each([
    [0, 0],
    [1, 1_000],
    [30, 30_000],
  ])("is what Retry-After asks for: %i s", (retryAfterSeconds, delayMs) => {
    const error = failure("rate-limited", { status: 429, retryAfterSeconds });

    expect(delayBeforeRepeatMs(error, 2, 1)).toBe(delayMs);
  });

  test.each([31, 3_600])("is left to the caller when Retry-After asks for %i s", (seconds) => {
    const error = failure("rate-limited", { status: 429, retryAfterSeconds: seconds });

    expect(delayBeforeRepeatMs(error, 1, 0)).toBeUndefined();
  });

  test("is not given by a Retry-After on an answer that is not to be repeated", () => {
    const error = failure("unavailable", { status: 500, retryAfterSeconds: 1 });

    expect(delayBeforeRepeatMs(error, 1, 0)).toBeUndefined();
  });
});

test("a call is tried three times at most", () => {
  expect(MAXIMUM_ATTEMPTS).toBe(3);
});

describe("repeated", () => {
  /** Fails so many times, then gives how often it was tried. */
  const failing = (times: number) => {
    const errors: Error[] = [];
    return {
      errors,
      attempt: async () => {
        if (errors.length >= times) return errors.length + 1;
        const error = new Error(`failure ${errors.length + 1}`);
        errors.push(error);
        throw error;
      },
    };
  };

  test("gives what the first good attempt gives", async () => {
    const { attempt } = failing(2);

    expect(await repeated(attempt, () => 0, undefined)).toBe(3);
  });

  test("throws what the last attempt threw", async () => {
    const { attempt, errors } = failing(10);

    const run = repeated(attempt, (_error, attempts) => (attempts < 3 ? 0 : undefined), undefined);

    await expect(run).rejects.toThrow("failure 3");
    expect(errors).toHaveLength(3);
  });

  test("asks for each delay with the error and the number of attempts so far", async () => {
    const { attempt, errors } = failing(2);
    const asked: unknown[] = [];

    await repeated(
      attempt,
      (error, attempts) => {
        asked.push([error, attempts]);
        return 0;
      },
      undefined,
    );

    expect(asked).toEqual([
      [errors[0], 1],
      [errors[1], 2],
    ]);
  });

  test("does not try at all when the signal has been given", async () => {
    const { attempt, errors } = failing(1);
    const reason = new Error("the caller's own reason");

    const run = repeated(attempt, () => 0, AbortSignal.abort(reason));

    await expect(run).rejects.toBe(reason);
    expect(errors).toEqual([]);
  });

  test("ends the wait when the signal is given, and tries no more", async () => {
    const { attempt, errors } = failing(10);
    const controller = new AbortController();
    const reason = new Error("the caller's own reason");

    const run = repeated(
      attempt,
      () => {
        queueMicrotask(() => controller.abort(reason));
        return 3_600_000;
      },
      controller.signal,
    );

    await expect(run).rejects.toBe(reason);
    expect(errors).toHaveLength(1);
  });
});

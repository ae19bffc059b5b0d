import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../../../lib/logto/arguments.ts";
import { InvalidCredentialsError } from "../../../lib/logto/credentials.ts";
import { type Failure, logtoError, type Meaning } from "../../../lib/logto/errors.ts";
import { outcomeOfError } from "../../../lib/queue/outcome-of-error.ts";
import { SecretUnavailableError } from "../../../lib/runtime/secret.ts";

const TWELVE_HOURS_MS = 43_200_000;
const QUARTER_HOUR_MS = 900_000;

const failed = (meaning: Meaning, failure: Partial<Failure> = {}) =>
  logtoError(meaning, "the sentence", { operation: "invitations.create", ...failure });

const temporary = [
  "unavailable",
  "unauthorized",
  "not-configured",
  "email-provider-failed",
  "rate-limited",
  "recipient-rate-limited",
] as const;
const final = ["not-found", "already-exists", "already-a-member", "ended", "invalid"] as const;

describe("what an outage or a configuration explains", () => {
  test.each(temporary)("%s is tried again for twelve hours, then rejected", (meaning) => {
    const outcome = (ageMs: number) => outcomeOfError(failed(meaning), ageMs);
    expect(outcome(0)).toMatchObject({ outcome: "retry", reason: meaning });
    expect(outcome(TWELVE_HOURS_MS - 1)).toMatchObject({ outcome: "retry", reason: meaning });
    expect(outcome(TWELVE_HOURS_MS)).toMatchObject({ outcome: "reject", reason: meaning });
  });
});

test("a reference that does not exist is tried again for a quarter of an hour, then rejected", () => {
  const outcome = (ageMs: number) => outcomeOfError(failed("reference-not-found"), ageMs).outcome;
  expect(outcome(0)).toBe("retry");
  expect(outcome(QUARTER_HOUR_MS - 1)).toBe("retry");
  expect(outcome(QUARTER_HOUR_MS)).toBe("reject");
});

describe("what no repetition changes", () => {
  test.each(final)("%s is rejected at once", (meaning) => {
    expect(outcomeOfError(failed(meaning), 0)).toEqual({
      outcome: "reject",
      reason: meaning,
      sentence: "the sentence (POST /api/organization-invitations)",
    });
  });

  test.each(final)("%s is rejected also when this clock is behind that of SQS", (meaning) => {
    expect(outcomeOfError(failed(meaning), -1)).toMatchObject({ outcome: "reject" });
  });

  test("an argument that Logto must never see is rejected as invalid data", () => {
    const error = new InvalidArgumentError("organizationId is empty: give the value.");
    expect(outcomeOfError(error, 0)).toEqual({
      outcome: "reject",
      reason: "invalid-data",
      sentence: "organizationId is empty: give the value.",
    });
  });
});

describe("when it is tried again", () => {
  test("is what the answer asked for", () => {
    const error = failed("rate-limited", { retryAfterSeconds: 17 });
    expect(outcomeOfError(error, 0)).toMatchObject({ retryAfterSeconds: 17 });
  });

  test("is not said where the answer said nothing", () => {
    expect(outcomeOfError(failed("unavailable"), 0)).not.toHaveProperty("retryAfterSeconds");
  });

  test("is ten minutes for Logto's message limit, whatever the answer says", () => {
    const error = failed("recipient-rate-limited", { retryAfterSeconds: 1 });
    expect(outcomeOfError(error, 0)).toMatchObject({ retryAfterSeconds: 600 });
  });

  test("is not said of what is rejected", () => {
    const error = failed("rate-limited", { retryAfterSeconds: 17 });
    expect(outcomeOfError(error, TWELVE_HOURS_MS)).not.toHaveProperty("retryAfterSeconds");
  });
});

test("the request id of Logto's log is kept, for a retry as for a reject", () => {
  const error = failed("unavailable", { requestId: "request-1" });
  expect(outcomeOfError(error, 0)).toMatchObject({ logtoRequestId: "request-1" });
  expect(outcomeOfError(error, TWELVE_HOURS_MS)).toMatchObject({ logtoRequestId: "request-1" });
  expect(outcomeOfError(failed("invalid"), 0)).not.toHaveProperty("logtoRequestId");
});

describe("a secret that cannot be used", () => {
  test.each([
    new SecretUnavailableError("the secret logto cannot be read."),
    new InvalidCredentialsError("the secret is not JSON."),
  ])("(%s) is tried again for twelve hours with its own sentence", (error) => {
    const expected = { reason: "secret-unavailable", sentence: error.message };
    expect(outcomeOfError(error, TWELVE_HOURS_MS - 1)).toEqual({ outcome: "retry", ...expected });
    expect(outcomeOfError(error, TWELVE_HOURS_MS)).toEqual({ outcome: "reject", ...expected });
  });
});

describe("a bug", () => {
  test.each([
    ["a TypeError", new TypeError("ada@example.com is not a function"), "TypeError"],
    ["a text", "ada@example.com", "string"],
    ["nothing", undefined, "undefined"],
    ["null", null, "object"],
    ["an object", { message: "ada@example.com" }, "object"],
  ])(
    "that throws %s is tried again for twelve hours, and only its kind is told",
    (_, error, kind) => {
      const sentence = `The handler failed with an unexpected ${kind}: see the function's log.`;
      const expected = { reason: "unexpected-error", sentence };
      expect(outcomeOfError(error, 0)).toEqual({ outcome: "retry", ...expected });
      expect(outcomeOfError(error, TWELVE_HOURS_MS)).toEqual({ outcome: "reject", ...expected });
    },
  );
});

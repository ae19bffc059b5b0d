import type { Outcome } from "../events/outcome.ts";
import { InvalidArgumentError } from "../logto/arguments.ts";
import { InvalidCredentialsError } from "../logto/credentials.ts";
import { LogtoError, type Meaning } from "../logto/errors.ts";
import { SecretUnavailableError } from "../runtime/secret.ts";

const HOUR_MS = 3_600_000;
const OUTAGE_PATIENCE_MS = 12 * HOUR_MS;
const REFERENCE_PATIENCE_MS = HOUR_MS / 4;

/**
 * How long each failure is tried again, counted from when the message was sent; 0 is not at all.
 * An outage or a wrong configuration is mended within a night. A reference that is still unknown
 * after a quarter of an hour is not on its way.
 */
const patienceMs: Readonly<Record<Meaning, number>> = {
  unavailable: OUTAGE_PATIENCE_MS,
  unauthorized: OUTAGE_PATIENCE_MS,
  "not-configured": OUTAGE_PATIENCE_MS,
  "email-provider-failed": OUTAGE_PATIENCE_MS,
  "rate-limited": OUTAGE_PATIENCE_MS,
  "recipient-rate-limited": OUTAGE_PATIENCE_MS,
  "reference-not-found": REFERENCE_PATIENCE_MS,
  "not-found": 0,
  "already-exists": 0,
  "already-a-member": 0,
  ended: 0,
  invalid: 0,
};

/** Logto's message limit looks back ten minutes. */
const RECIPIENT_LIMIT_SECONDS = 600;

/**
 * What becomes of a message whose handler threw.
 *
 * @param ageMs time since the message was sent.
 */
export function outcomeOfError(error: unknown, ageMs: number): Outcome {
  if (error instanceof LogtoError) return outcomeOfLogtoError(error, ageMs);
  if (error instanceof InvalidArgumentError) {
    return { outcome: "reject", reason: "invalid-data", sentence: error.message };
  }
  if (error instanceof SecretUnavailableError || error instanceof InvalidCredentialsError) {
    return withinPatience(ageMs, OUTAGE_PATIENCE_MS, "secret-unavailable", error.message);
  }
  // A bug's own message may quote anything, so only its name is told. The log has the stack.
  const name = error instanceof Error ? error.name : typeof error;
  const sentence = `The handler failed with an unexpected ${name}: see the function's log.`;
  return withinPatience(ageMs, OUTAGE_PATIENCE_MS, "unexpected-error", sentence);
}

/** A handler's own wish to try again is granted for as long as an outage would be. */
export const givenUpInTime = (outcome: Outcome, ageMs: number): Outcome =>
  outcome.outcome === "retry" && ageMs >= OUTAGE_PATIENCE_MS
    ? { outcome: "reject", reason: outcome.reason, sentence: outcome.sentence }
    : outcome;

function outcomeOfLogtoError(error: LogtoError, ageMs: number): Outcome {
  const outcome = withinPatience(ageMs, patienceMs[error.meaning], error.meaning, error.message);
  const retryAfterSeconds =
    error.meaning === "recipient-rate-limited" ? RECIPIENT_LIMIT_SECONDS : error.retryAfterSeconds;
  return {
    ...outcome,
    ...(error.requestId === undefined ? {} : { logtoRequestId: error.requestId }),
    ...(outcome.outcome === "retry" && retryAfterSeconds !== undefined
      ? { retryAfterSeconds }
      : {}),
  };
}

const withinPatience = (ageMs: number, patience: number, reason: string, sentence: string) =>
  // Clocks differ a little: a message may seem to come from the future.
  Math.max(0, ageMs) < patience
    ? ({ outcome: "retry", reason, sentence } as const)
    : ({ outcome: "reject", reason, sentence } as const);

/** An argument that Logto must never see. Thrown before any request. */
export class InvalidArgumentError extends Error {
  override readonly name = "InvalidArgumentError";
}

/** A year, and a day for clocks that differ. */
export const LONGEST_LIFETIME_MS = 367 * 86_400_000;

/** Epoch milliseconds below this lie in 1973: such a number is epoch seconds by mistake. */
const SMALLEST_EPOCH_MS = 100_000_000_000;

/**
 * Checks an id, a name or a filter value.
 *
 * An empty one would change the path or, as a filter, make Logto answer with everything. A control
 * character makes its database fail.
 *
 * @throws InvalidArgumentError naming the argument, not its value.
 */
export function checkText(name: string, value: string): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new InvalidArgumentError(`${name} is empty: give the value that Logto knows it by.`);
  }
  if (/\p{Cc}/u.test(value) || !value.isWellFormed()) {
    throw new InvalidArgumentError(
      `${name} contains a control character or broken Unicode: remove it.`,
    );
  }
  return value;
}

/**
 * Checks a variable of an e-mail: text may have lines, but no other control character.
 *
 * @throws InvalidArgumentError naming the variable, not its value.
 */
export function checkVariable<Value>(name: string, value: Value): Value {
  if (typeof value === "string" && value !== "")
    checkText(name, `x${value.replace(/[\t\r\n]/g, " ")}`);
  return value;
}

/** An id as part of a path: `.` and `..` would be resolved away by the URL parser. */
export function checkId(name: string, value: string): string {
  checkText(name, value);
  if (value === "." || value === "..") {
    throw new InvalidArgumentError(`${name} is no id of Logto: give the id that Logto made.`);
  }
  return value;
}

/**
 * Checks an expiry. Logto stores one that no date can hold, and then fails every list that has it.
 *
 * @param expiresAt epoch milliseconds.
 * @param nowMs epoch milliseconds.
 * @throws InvalidArgumentError
 */
export function checkExpiresAt(expiresAt: number, nowMs: number): number {
  if (!Number.isSafeInteger(expiresAt)) {
    throw new InvalidArgumentError("expiresAt is no whole number: give epoch milliseconds.");
  }
  if (expiresAt < SMALLEST_EPOCH_MS) {
    throw new InvalidArgumentError("expiresAt is in seconds: give epoch milliseconds.");
  }
  if (expiresAt <= nowMs) {
    throw new InvalidArgumentError("expiresAt is in the past: give a time to come.");
  }
  if (expiresAt > nowMs + LONGEST_LIFETIME_MS) {
    throw new InvalidArgumentError("expiresAt is more than a year ahead: give an earlier time.");
  }
  return expiresAt;
}

import type { LogtoError, Meaning } from "../lib/logto/errors.ts";

/** What to do about failures whose own words do not say it. */
const ADVICE: Readonly<Partial<Record<Meaning, string>>> = {
  "not-found": "check the id, and that the credentials are those of the right tenant",
  "reference-not-found": "check the ids, and that the credentials are those of the right tenant",
  "email-provider-failed": "see to the e-mail connector in Logto's console, and try again",
  "rate-limited": "wait ten seconds and try again",
  "recipient-rate-limited": "try again in ten minutes",
  "not-configured": "see to the e-mail connector in Logto's console",
  unavailable: "try again, and look into Logto's own log if it stays so",
};

/** An error of Logto in one sentence. */
export function explainLogto({ meaning, message, status, code }: LogtoError): string {
  if (status === undefined && code !== undefined) {
    return `Logto does not answer (${code}): check the network, and the endpoint in its credentials.`;
  }
  if (status !== undefined && status < 300 && meaning === "unavailable") {
    return sentence(`${message}: check the endpoint in its credentials`);
  }
  return logtoSentence(meaning, message);
}

/**
 * What Logto's refusal means, as a sentence that says what to do.
 *
 * @param reason the error's meaning, or the reason of an outcome, which is the same word.
 * @param message the error's own, or the outcome's.
 */
export function logtoSentence(reason: string, message: string): string {
  const [advice] = Object.entries(ADVICE)
    .filter(([meaning]) => meaning === reason)
    .map(([, text]) => text);
  // The answer stands in parentheses. What comes before it may tell already what to do.
  const says = /^[^(]+: /.test(message);
  const isWhole = message.endsWith(".");
  return sentence(advice === undefined || says || isWhole ? message : `${message}: ${advice}`);
}

/** Words as a sentence: a capital letter first, a full stop at the end. */
export const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith(".") ? "" : "."}`;

import { InvalidCredentialsError } from "../lib/logto/credentials.ts";
import { LogtoError } from "../lib/logto/errors.ts";
import { SecretUnavailableError } from "../lib/runtime/secret.ts";
import { explainAws } from "./explain-aws.ts";
import { explainLogto, sentence } from "./explain-logto.ts";

/**
 * An error in one sentence for the person at the terminal: what is wrong, where, and what to do.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof LogtoError) return explainLogto(error);
  if (error.cause instanceof LogtoError) return error.message;
  const cause = error.cause instanceof Error ? error.cause : error;
  if ("code" in cause && cause.code === "EADDRINUSE") {
    return `${cause.message}: set LOCAL_AWS_PORT and LOCAL_LOGTO_PORT to free ports, or leave them out.`;
  }
  const fromAws = explainAws(cause);
  if (fromAws !== undefined) return fromAws;
  // These stand in the middle of a sentence in the functions' logs.
  const isInner =
    error instanceof SecretUnavailableError || error instanceof InvalidCredentialsError;
  return isInner ? sentence(error.message) : error.message;
}

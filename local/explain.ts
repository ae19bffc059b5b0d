import { LogtoError } from "../lib/logto/errors.ts";

/**
 * An error in one sentence for the person at the terminal. The AWS SDK's own words for the usual ones
 * do not say what to do.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof LogtoError) return explainLogto(error);
  if (error.cause instanceof LogtoError) return error.message;
  const cause = error.cause instanceof Error ? error.cause : error;
  if (cause.message.includes("Region is missing")) {
    return "AWS_REGION is not set: set it to the region of the deployment.";
  }
  if (cause.name === "CredentialsProviderError") {
    return "No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
  }
  if ("code" in cause && cause.code === "EADDRINUSE") {
    return `${cause.message}: set LOCAL_AWS_PORT and LOCAL_LOGTO_PORT to free ports, or leave them out.`;
  }
  if ("code" in cause && typeof cause.code === "string" && /^E[A-Z]+$/.test(cause.code)) {
    return `AWS does not answer (${cause.code}): check the network, and AWS_ENDPOINT_URL where it is set.`;
  }
  if (cause.message.includes("Deserialization error")) {
    return "What answers is not AWS: check AWS_ENDPOINT_URL.";
  }
  if (cause.name === "QueueDoesNotExist") {
    return "There is no such queue: check the URL, the region and the account.";
  }
  return error.message;
}

/** Logto's own errors stand in the middle of a sentence. */
function explainLogto({ message, status, code }: LogtoError): string {
  if (status === undefined && code !== undefined) {
    return `Logto does not answer (${code}): check the network, and the endpoint in its credentials.`;
  }
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** What is wrong with credentials that AWS does not take, under the names that its services have for it. */
const REFUSED_CREDENTIALS: Readonly<Record<string, string>> = {
  ExpiredToken: "have expired",
  ExpiredTokenException: "have expired",
  InvalidClientTokenId: "are not known to it",
  InvalidAccessKeyId: "are not known to it",
  UnrecognizedClientException: "are not known to it",
  AuthFailure: "are not known to it",
  SignatureDoesNotMatch: "do not fit together",
  InvalidSignatureException: "do not fit together",
  IncompleteSignature: "are not whole",
};

const DENIED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
]);

const THROTTLED: ReadonlySet<string> = new Set([
  "Throttling",
  "ThrottlingException",
  "RequestThrottled",
  "TooManyRequestsException",
]);

/** What the file system says and the network does not. */
const OF_FILES: ReadonlySet<string> = new Set([
  "EACCES",
  "EISDIR",
  "EMFILE",
  "ENOENT",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

/**
 * The usual errors of AWS and its SDK in one sentence: their own words do not say what to do.
 *
 * @returns `undefined` for any other error.
 */
export function explainAws(error: Error): string | undefined {
  const { name, message } = error;
  if (message.includes("Region is missing")) {
    return "AWS_REGION is not set: set it to the region of the deployment, or give --region.";
  }
  if (name === "CredentialsProviderError") {
    return "No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
  }
  if (name === "TokenProviderError") {
    return "The sign-in to AWS is over: run aws sso login for the profile of AWS_PROFILE.";
  }
  const refused = REFUSED_CREDENTIALS[name];
  if (refused !== undefined) {
    return `AWS says that the credentials ${refused} (${name}): check AWS_PROFILE, or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`;
  }
  if (DENIED.has(name)) {
    return `AWS does not allow it: ${oneLine(message)}. Use credentials that may do this, such as another AWS_PROFILE.`;
  }
  if (THROTTLED.has(name)) return `AWS has had too many requests (${name}): try again in a minute.`;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ENOTFOUND") {
    return "There is no such AWS endpoint (ENOTFOUND): check the region and the network, and AWS_ENDPOINT_URL where it is set.";
  }
  if (/^E[A-Z]+$/.test(code) && !OF_FILES.has(code)) {
    return `AWS does not answer (${code}): check the network, and AWS_ENDPOINT_URL where it is set.`;
  }
  if (name === "TimeoutError") {
    return "AWS does not answer in time: check the network, and AWS_ENDPOINT_URL where it is set.";
  }
  if (message.includes("Deserialization error")) {
    return "What answers is not AWS: check AWS_ENDPOINT_URL.";
  }
  if (name === "QueueDoesNotExist") {
    return "There is no such queue: check the URL, the region and the account.";
  }
  return undefined;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().replace(/\.$/, "");

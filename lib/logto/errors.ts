import { type Operation, operations } from "./operations.ts";

/** What an error of Logto means to the caller. `meanings.ts` says which answer means what. */
export type Meaning =
  | "not-found"
  | "already-exists"
  | "already-a-member"
  | "reference-not-found"
  | "ended"
  | "invalid"
  | "rate-limited"
  | "recipient-rate-limited"
  | "email-provider-failed"
  | "not-configured"
  | "unauthorized"
  | "unavailable";

/** The circumstances of a failed call. No body, link, address, token or secret. */
export type Failure = {
  readonly operation: Operation;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** Logto's error code, or what the network said (`ECONNREFUSED`, `timeout`). */
  readonly code?: string;
  /** Logto's `logto-core-request-id`: its own log knows the call under this id. */
  readonly requestId?: string;
  /** What `Retry-After` asked for. */
  readonly retryAfterSeconds?: number;
};

/** Base of every error that a call to Logto ends in. */
export abstract class LogtoError extends Error {
  abstract readonly meaning: Meaning;
  readonly operation: Operation;
  readonly method: string;
  /** The path as a template: ids are not in it. */
  readonly path: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(sentence: string, failure: Failure) {
    const { method, path } = operations[failure.operation];
    const answer = [failure.status, failure.code].filter((part) => part !== undefined).join(" ");
    super(`${sentence} (${method} ${path}${answer === "" ? "" : `: ${answer}`})`);
    this.name = new.target.name;
    this.operation = failure.operation;
    this.method = method;
    this.path = path;
    this.status = failure.status;
    this.code = failure.code;
    this.requestId = failure.requestId;
    this.retryAfterSeconds = failure.retryAfterSeconds;
  }
}

export class NotFoundError extends LogtoError {
  readonly meaning = "not-found";
}

/** A pending invitation of this invitee into this organization exists. */
export class AlreadyExistsError extends LogtoError {
  readonly meaning = "already-exists";
}

/** The invitee is a member of the organization. */
export class AlreadyMemberError extends LogtoError {
  readonly meaning = "already-a-member";
}

/** The organization, role, user or scope that the call names does not exist (yet). */
export class ReferenceNotFoundError extends LogtoError {
  readonly meaning = "reference-not-found";
}

/** The invitation is accepted, revoked or expired, or that user may not accept it. */
export class EndedError extends LogtoError {
  readonly meaning = "ended";
}

/** Logto refused the call for what is in it: repeating it changes nothing. */
export class InvalidError extends LogtoError {
  readonly meaning = "invalid";
}

/** The tenant's request budget is used up. */
export class RateLimitedError extends LogtoError {
  readonly meaning = "rate-limited";
}

/** This recipient has had ten messages in ten minutes. */
export class RecipientRateLimitedError extends LogtoError {
  readonly meaning = "recipient-rate-limited";
}

export class EmailProviderFailedError extends LogtoError {
  readonly meaning = "email-provider-failed";
}

/** The tenant lacks something: an e-mail connector, a template, the app's permission. */
export class NotConfiguredError extends LogtoError {
  readonly meaning = "not-configured";
}

/** Logto refuses the credentials, also freshly read ones. */
export class UnauthorizedError extends LogtoError {
  readonly meaning = "unauthorized";
}

/** No answer, or none that Logto would give: whether the call was carried out is not known. */
export class UnavailableError extends LogtoError {
  readonly meaning = "unavailable";
}

type ErrorClass = new (sentence: string, failure: Failure) => LogtoError;

const errorClasses: Readonly<Record<Meaning, ErrorClass>> = {
  "not-found": NotFoundError,
  "already-exists": AlreadyExistsError,
  "already-a-member": AlreadyMemberError,
  "reference-not-found": ReferenceNotFoundError,
  ended: EndedError,
  invalid: InvalidError,
  "rate-limited": RateLimitedError,
  "recipient-rate-limited": RecipientRateLimitedError,
  "email-provider-failed": EmailProviderFailedError,
  "not-configured": NotConfiguredError,
  unauthorized: UnauthorizedError,
  unavailable: UnavailableError,
};

/** The error of a meaning, with its sentence. */
export const logtoError = (meaning: Meaning, sentence: string, failure: Failure): LogtoError =>
  new errorClasses[meaning](sentence, failure);

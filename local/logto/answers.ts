import * as v from "valibot";

/** What a handler answers: JSON, plain text, or neither. */
export type Answer = {
  status: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string | string[]>;
};

/** An error Logto answers on purpose, as `{ code, message, data?, details? }`. */
export class LogtoError extends Error {
  readonly status: number;
  readonly code: string;
  readonly data: unknown;
  readonly details: string | undefined;

  constructor(status: number, code: string, more: { data?: unknown; details?: string } = {}) {
    super(`${code} (${status})`);
    this.name = "LogtoError";
    this.status = status;
    this.code = code;
    this.data = more.data;
    this.details = more.details;
  }

  answer(): Answer {
    const { status, code, data, details } = this;
    // Real messages follow Accept-Language, so nobody may rely on the words.
    return { status, json: { code, message: `The stand-in says: ${code}.`, data, details } };
  }
}

/** A database or programming failure: Logto answers it without a code. */
export const internalServerError: Answer = {
  status: 500,
  json: { message: "Internal server error." },
};

export const notFoundText: Answer = { status: 404, text: "Not Found" };

export function ok(json: unknown, headers: Record<string, string | string[]> = {}): Answer {
  return { status: 200, json, headers };
}

export function created(json: unknown): Answer {
  return { status: 201, json };
}

export const noContent: Answer = { status: 204 };

export function entityNotFound(): LogtoError {
  return new LogtoError(404, "entity.not_found");
}

export function foreignKeyNotFound(): LogtoError {
  return new LogtoError(422, "entity.relation_foreign_key_not_found");
}

export function uniqueViolation(): LogtoError {
  return new LogtoError(422, "entity.unique_integrity_violation");
}

export function valueTooLong(): LogtoError {
  return new LogtoError(422, "entity.value_too_long");
}

export function invalidInput(status: 400 | 422, details: string): LogtoError {
  return new LogtoError(status, "request.invalid_input", { data: details });
}

/**
 * Checks input as Logto's guards do.
 * @throws {LogtoError} 400 `guard.invalid_input`
 */
export function guard<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const details = result.issues
    .map((issue) => `Error in key path "${v.getDotPath(issue) ?? ""}": ${issue.message}`)
    .join("\n");
  throw new LogtoError(400, "guard.invalid_input", { details });
}

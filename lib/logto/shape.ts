import { unexpectedAnswer } from "./answer.ts";
import type { ApiAnswer, ApiStream } from "./exchange.ts";
import { jsonArrayElements, NotAnArrayError } from "./json-array-stream.ts";

/**
 * The entity of a good answer. A proxy's page or an empty body in its place is an error.
 *
 * @throws UnavailableError
 */
export function expectEntity<Entity extends { readonly id: string }>({
  operation,
  status,
  json,
}: ApiAnswer<Entity>): Entity {
  const data = json();
  if (isEntity<Entity>(data)) return data;
  throw unexpectedAnswer(operation, { status }, "unexpected-body");
}

/**
 * The elements of a list while its answer comes, every element with an id: a list for each piece.
 *
 * @throws UnavailableError; SyntaxError when the answer is no JSON or not whole.
 */
export async function* expectElements<Entity extends { readonly id: string }>({
  operation,
  status,
  chunks,
}: ApiStream): AsyncGenerator<readonly Entity[], void, undefined> {
  const unexpected = () => unexpectedAnswer(operation, { status }, "unexpected-body");
  try {
    for await (const elements of jsonArrayElements(chunks)) {
      if (!elements.every(isEntity<Entity>)) throw unexpected();
      yield elements;
    }
  } catch (error) {
    throw error instanceof NotAnArrayError ? unexpected() : error;
  }
}

/**
 * The list of a good answer, every element with an id.
 *
 * @throws UnavailableError
 */
export function expectList<Entity extends { readonly id: string }>({
  operation,
  status,
  json,
}: ApiAnswer<readonly Entity[]>): readonly Entity[] {
  const data = json();
  if (Array.isArray(data) && data.every(isEntity<Entity>)) return data;
  throw unexpectedAnswer(operation, { status }, "unexpected-body");
}

/**
 * Checks an answer that has nothing to say but that it was done, by its status.
 *
 * @throws UnavailableError
 */
export function expectDone(expected: number) {
  return ({ operation, status }: Pick<ApiAnswer<unknown>, "operation" | "status">): void => {
    if (status !== expected) throw unexpectedAnswer(operation, { status }, "unexpected-status");
  };
}

const isEntity = <Entity extends { readonly id: string }>(value: unknown): value is Entity =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  value.id !== "";

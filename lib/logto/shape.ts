import { unexpectedAnswer } from "./answer.ts";
import { jsonArrayElements, NotAnArrayError } from "./json-array-stream.ts";
import type { Operation } from "./operations.ts";

type Answer<Data> = { readonly data?: Data; readonly response: Response };

/**
 * The entity of a good answer. A proxy's page or an empty body in its place is an error.
 *
 * @throws UnavailableError
 */
export function expectEntity<Entity extends { readonly id: string }>(
  operation: Operation,
  { data, response }: Answer<Entity>,
): Entity {
  if (isEntity<Entity>(data)) return data;
  throw unexpectedAnswer(operation, response, "unexpected-body");
}

/**
 * The elements of a list while its answer comes, every element with an id: a list for each piece.
 *
 * @throws UnavailableError; SyntaxError when the answer is no JSON or not whole.
 */
export async function* expectElements<Entity extends { readonly id: string }>(
  operation: Operation,
  { data, response }: Answer<AsyncIterable<Uint8Array> | null>,
): AsyncGenerator<readonly Entity[], void, undefined> {
  const unexpected = () => unexpectedAnswer(operation, response, "unexpected-body");
  try {
    for await (const elements of jsonArrayElements(data ?? [])) {
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
export function expectList<Entity extends { readonly id: string }>(
  operation: Operation,
  { data, response }: Answer<readonly Entity[]>,
): readonly Entity[] {
  if (Array.isArray(data) && data.every(isEntity<Entity>)) return data;
  throw unexpectedAnswer(operation, response, "unexpected-body");
}

/**
 * Checks an answer that has nothing to say but that it was done.
 *
 * @throws UnavailableError
 */
export function expectDone(
  operation: Operation,
  { response }: Pick<Answer<unknown>, "response">,
  status: number,
): void {
  if (response.status !== status) throw unexpectedAnswer(operation, response, "unexpected-status");
}

const isEntity = <Entity extends { readonly id: string }>(value: unknown): value is Entity =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  value.id !== "";

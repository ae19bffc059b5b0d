import { unexpectedAnswer } from "./answer.ts";
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
  if (isEntity(data)) return data;
  throw unexpectedAnswer(operation, response, "unexpected-body");
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
  if (Array.isArray(data) && data.every(isEntity)) return data;
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

const isEntity = <Entity extends { readonly id: string }>(
  value: Entity | undefined,
): value is Entity =>
  typeof value === "object" && value !== null && typeof value.id === "string" && value.id !== "";

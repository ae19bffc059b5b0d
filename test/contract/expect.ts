import * as v from "valibot";
import { expect } from "vitest";
import type { Reply } from "./http.ts";

/** Status and `code`, and nothing else: messages follow the language of the request. */
export function expectError(reply: Reply, status: number, code: string): void {
  expect({ status: reply.status, code: reply.code }).toEqual({ status, code });
}

export function expectStatus(reply: Reply, status: number): void {
  // The code makes a failure readable.
  expect({ status: reply.status, code: reply.code }).toMatchObject({ status });
}

/** The ids of a list. */
export function ids(reply: Reply): string[] {
  return v.parse(v.array(v.object({ id: v.string() })), reply.json).map(({ id }) => id);
}

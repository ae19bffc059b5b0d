import { expect } from "vitest";
import type { ParsedEvent, ProblemReason } from "../../lib/events/parse.ts";
import type { Problem } from "../../lib/events/problem.ts";

/** The problems of something that is no event, after checking the reason. */
export function problemsOf(parsed: ParsedEvent, reason: ProblemReason): readonly Problem[] {
  if (parsed.ok) return expect.fail("it was taken for a valid event");
  expect(parsed.reason).toBe(reason);
  return parsed.problems;
}

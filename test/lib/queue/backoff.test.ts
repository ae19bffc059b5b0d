import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffSeconds } from "../../../lib/queue/backoff.ts";

// SQS counts its twelve hours from the receive, so a little is left for the work itself.
const LONGEST = 43_000;
const receiveCount = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.nat());
const random = fc.double({ min: 0, max: 1, noNaN: true });

describe("without an answer that says when", () => {
  test("the wait doubles with each receive, from 5 seconds to 15 minutes", () => {
    const longest = Array.from({ length: 12 }, (_, index) =>
      backoffSeconds(index + 1, undefined, 1),
    );
    expect(longest).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]);
  });

  test("up to half of it is taken off at random, never below 5 seconds", () => {
    const shortest = Array.from({ length: 10 }, (_, index) =>
      backoffSeconds(index + 1, undefined, 0),
    );
    expect(shortest).toEqual([5, 5, 10, 20, 40, 80, 160, 320, 450, 450]);
  });

  test("it is whole seconds from 5 to 900", () => {
    fc.assert(
      fc.property(receiveCount, random, (count, chance) => {
        const seconds = backoffSeconds(count, undefined, chance);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(5);
        expect(seconds).toBeLessThanOrEqual(900);
      }),
    );
  });

  test("with the same luck it never gets shorter from one receive to the next", () => {
    fc.assert(
      fc.property(receiveCount, random, (count, chance) => {
        const next = backoffSeconds(count + 1, undefined, chance);
        expect(next).toBeGreaterThanOrEqual(backoffSeconds(count, undefined, chance));
      }),
    );
  });

  test("it is never longer than with the worst luck", () => {
    fc.assert(
      fc.property(receiveCount, random, (count, chance) => {
        const longest = backoffSeconds(count, undefined, 1);
        expect(backoffSeconds(count, undefined, chance)).toBeLessThanOrEqual(longest);
      }),
    );
  });
});

describe("with an answer that says when", () => {
  const wanted = fc.double({ min: 0, max: 100_000, noNaN: true });

  test.each([
    [600, 0, 600],
    [600, 1, 660],
    [1, 0, 5],
    [0, 0, 5],
    [7.2, 0, 8],
    [3_600, 0.5, 3_780],
  ])("%d seconds, with luck %d, are %d", (retryAfterSeconds, chance, seconds) => {
    expect(backoffSeconds(1, retryAfterSeconds, chance)).toBe(seconds);
  });

  test("it does not depend on the receive count", () => {
    fc.assert(
      fc.property(receiveCount, wanted, random, (count, seconds, chance) => {
        expect(backoffSeconds(count, seconds, chance)).toBe(backoffSeconds(1, seconds, chance));
      }),
    );
  });

  test("it is whole seconds, never earlier than asked and at most a tenth later, within SQS's limits", () => {
    fc.assert(
      fc.property(wanted, random, (asked, chance) => {
        const seconds = backoffSeconds(1, asked, chance);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(Math.max(5, Math.min(asked, LONGEST)));
        expect(seconds).toBeLessThanOrEqual(Math.max(5, Math.ceil(asked * 1.1)));
        expect(seconds).toBeLessThanOrEqual(LONGEST);
      }),
    );
  });

  test.each([Number.POSITIVE_INFINITY, Number.MAX_VALUE])(
    "%d is the longest that SQS takes",
    (asked) => {
      expect(backoffSeconds(1, asked, 0.5)).toBe(LONGEST);
    },
  );
});

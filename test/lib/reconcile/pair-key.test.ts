import { expect, test } from "vitest";
import { createPairKey } from "../../../lib/reconcile/pair-key.ts";

const pairs = Array.from({ length: 20_000 }, (_, index) => ({
  organizationId: `organization-${index % 100}`,
  invitee: `invitee-${index}@example.com`,
}));

test("a pair's key is that of the invitee in any letter case", () => {
  const keyOf = createPairKey();
  const key = keyOf({ organizationId: "acme", invitee: "ada@example.com" });
  expect(keyOf({ organizationId: "acme", invitee: "Ada@EXAMPLE.com" })).toBe(key);
});

test("different pairs have different keys, whole numbers that JavaScript holds exactly", () => {
  const keyOf = createPairKey();
  const keys = new Set(pairs.map(keyOf));
  expect(keys.size).toBe(pairs.length);
  expect([...keys].every((key) => Number.isSafeInteger(key) && key >= 0)).toBe(true);
  // All bits are in use: half of the keys are in the upper half.
  const upper = [...keys].filter((key) => key >= 2 ** 52).length;
  expect(upper / pairs.length).toBeCloseTo(0.5, 1);
});

test("where the organization ends counts", () => {
  const keyOf = createPairKey();
  const one = keyOf({ organizationId: "ab", invitee: "c@example.com" });
  expect(keyOf({ organizationId: "a", invitee: "bc@example.com" })).not.toBe(one);
});

test("each list has other keys", () => {
  const [pair] = pairs;
  if (pair === undefined) throw new Error("There are pairs.");
  const keys = Array.from({ length: 10 }, () => createPairKey()(pair));
  expect(new Set(keys).size).toBe(10);
});

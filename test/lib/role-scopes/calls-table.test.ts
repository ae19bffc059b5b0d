import { expect, test } from "vitest";
import { measureRoleScopesCalls } from "./calls-table.ts";

/** Event, calls of its first delivery with no name in memory, with all of them, and of a replay. */
const expected = [
  ["assign", 4, 1, 1],
  ["assign by ids", 3, 1, 1],
  ["replace", 4, 1, 1],
  ["replace, empty", 4, 2, 1],
  ["remove one", 4, 1, 2],
  ["remove one, not assigned", 5, 2, 2],
  ["remove several", 5, 2, 1],
  ["sync, no drift", 4, 1, 1],
  ["sync that adds", 5, 2, 1],
  ["sync that prunes", 5, 2, 1],
] as const;

test("every role-scopes event costs Logto exactly these calls", async () => {
  const rows = await measureRoleScopesCalls();
  expect(
    rows.map(({ event, coldDelivery, firstDelivery, replay }) => [
      event,
      coldDelivery,
      firstDelivery,
      replay,
    ]),
  ).toEqual(expected);
});

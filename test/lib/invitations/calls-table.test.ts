import { expect, test } from "vitest";
import { measureCalls } from "./calls-table.ts";

/** Event, calls of its first delivery, calls of a replay. */
const expected = [
  ["create", 1, 1],
  ["create with roles", 1, 1],
  ["create without e-mail", 1, 1],
  ["create, link with {invitationId}", 2, 2],
  ["create, link with {oneTimeToken}", 2, 1],
  ["create, link with both", 3, 3],
  ["create, another pending, keep", 2, 3],
  ["create, another pending, resend", 3, 4],
  ["create, another pending, replace", 4, 1],
  ["resend", 2, 2],
  ["resend by id", 2, 2],
  ["resend, expired", 2, 1],
  ["resend by id, expired", 3, 2],
  ["resend only if pending", 2, 2],
  ["resend only if pending, expired", 1, 1],
  ["resend only if pending, nothing there", 1, 1],
  ["accept", 2, 1],
  ["accept by id", 2, 1],
  ["revoke", 2, 1],
  ["revoke by id", 2, 1],
  ["revoke, nothing pending", 1, 1],
  ["delete", 2, 1],
  ["delete by id", 2, 1],
  ["delete, nothing there", 1, 1],
] as const;

test("every event costs Logto exactly these calls", async () => {
  const rows = await measureCalls();
  expect(rows.map(({ event, firstDelivery, replay }) => [event, firstDelivery, replay])).toEqual(
    expected,
  );
});

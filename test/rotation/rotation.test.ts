import { expect, it } from "vitest";
import { rehearseRotation } from "./rehearse.ts";

it("no event fails while the client secret is replaced and the old one deleted with its tokens", {
  timeout: 110_000,
}, async () => {
  const rehearsal = await rehearseRotation({ events: 90, patienceMs: 90_000, log: () => {} });

  expect(rehearsal.failed).toEqual([]);
  // The old secret and its tokens were in use until they were refused.
  expect(rehearsal.refusals).toBeGreaterThan(0);
  // Each container reads it at its start and again when it is refused, not for every event.
  expect(rehearsal.secretReads).toBeGreaterThanOrEqual(2);
  expect(rehearsal.secretReads).toBeLessThan(30);
});

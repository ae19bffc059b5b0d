import { expect, test } from "vitest";
import { createCallRecorder } from "../../../local/logto/calls.ts";
import { invitations, invitationTo, standInWithAcme } from "./stand-in.ts";

test("Requests are counted by operation, whatever the ids in their paths", async () => {
  const { standIn, call } = await standInWithAcme();
  await call("GET", "/api/organizations/acme");
  await call("GET", "/api/organizations/unknown");
  await call("GET", "/api/no-such-thing");
  expect(standIn.calls.counts()).toEqual({
    "POST /oidc/token": 1,
    "GET /api/organizations/{id}": 2,
    "GET (unknown)": 1,
  });
  expect(standIn.calls.count()).toBe(4);
  expect(standIn.calls.count("GET /api/organizations/{id}")).toBe(2);
  expect(standIn.calls.recent().map(({ path, status }) => [path, status])).toEqual([
    ["/oidc/token", 200],
    ["/api/organizations/acme", 200],
    ["/api/organizations/unknown", 404],
    ["/api/no-such-thing", 404],
  ]);
  expect(standIn.calls.statuses()).toEqual({ 200: 2, 404: 2 });
});

test("Counting starts again after a reset", async () => {
  const { standIn, call } = await standInWithAcme();
  await call("GET", invitations);
  standIn.calls.reset();
  await call("GET", invitations);
  expect(standIn.calls.counts()).toEqual({ [`GET ${invitations}`]: 1 });
  expect(standIn.calls.statuses()).toEqual({ 200: 1 });
});

test("A call whose response was lost is counted, with status 0", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: `POST ${invitations}`, action: { kind: "lostResponse" } });
  const body = invitationTo("ann@example.com");
  await expect(call("POST", invitations, { body })).rejects.toThrow();
  expect(standIn.calls.recent().at(-1)).toMatchObject({ path: invitations, status: 0 });
});

test("The peak is the most calls of an operation under way at once", () => {
  const calls = createCallRecorder();
  const first = calls.start("GET /a", "/a", 0);
  const second = calls.start("GET /a", "/a", 0);
  first(200);
  second(200);
  calls.start("GET /a", "/a", 0)(200);
  calls.start("GET /b", "/b", 0)(200);
  expect(calls.peak("GET /a")).toBe(2);
  expect(calls.peak("GET /b")).toBe(1);
  expect(calls.peak("GET /c")).toBe(0);
});

test("Only the latest thousand calls are kept, oldest first", () => {
  const calls = createCallRecorder();
  for (let at = 0; at < 2500; at += 1) calls.start("GET /a", "/a", at)(200);
  const kept = calls.recent();
  expect(kept).toHaveLength(1000);
  expect(kept[0]?.at).toBe(1500);
  expect(kept.at(-1)?.at).toBe(2499);
  expect(calls.count("GET /a")).toBe(2500);
});

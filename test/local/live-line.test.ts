import { expect, test } from "vitest";
import { liveLine } from "../../local/live-line.ts";
import { followOutcomes } from "../../local/outcomes.ts";

/** What is told of a line that a function logged. */
function told(logged: object): string | undefined {
  let line: string | undefined;
  followOutcomes((outcome) => {
    line = liveLine(outcome);
  }).take(JSON.stringify(logged));
  return line;
}

test("a live line tells when, what, of which event, and whom it is about", () => {
  const logged = {
    timestamp: "2026-01-02T03:04:05.678Z",
    messageId: "1",
    eventId: "e-1",
    eventType: "onboarding.invitation.create",
    organizationId: "acme",
    outcome: "done",
    detail: "already-pending",
    invitationId: "abc",
    logtoCalls: 2,
    durationMs: 5,
  };

  expect(told(logged)).toBe(
    "2026-01-02T03:04:05.678Z  onboarding.invitation.create  done: already-pending  event e-1  " +
      "organization acme  invitation abc  (2 Logto calls)",
  );
});

test("a live line of what is to come again tells the role and the sentence", () => {
  const logged = {
    timestamp: "2026-01-02T03:04:05.678Z",
    messageId: "1",
    eventId: "e-2",
    eventType: "onboarding.role-scopes.sync",
    role: "editor",
    outcome: "retry",
    reason: "unavailable",
    sentence: "Logto failed (GET /api/roles: 502)",
    logtoCalls: 1,
    durationMs: 5,
  };

  expect(told(logged)).toBe(
    "2026-01-02T03:04:05.678Z  onboarding.role-scopes.sync  retry: unavailable  " +
      "Logto failed (GET /api/roles: 502)  event e-2  role editor  (1 Logto call)",
  );
});

test("a live line of a message that is no event tells what is known", () => {
  const logged = { messageId: "1", outcome: "reject", reason: "not-json", logtoCalls: 0 };

  expect(told({ ...logged, durationMs: 1 })).toBe("message  reject: not-json  (0 Logto calls)");
});

import { describe, expect, test } from "vitest";
import type { MessageReport } from "../../../lib/queue/batch.ts";
import { outcomeEvent } from "../../../lib/queue/outcome-event.ts";
import { queueMessage } from "../../../lib/queue/record.ts";
import { done, reject, retry } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { roleScopesJson, roleScopesWords } from "../../support/role-scopes-event.ts";
import { type RecordFields, SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const NOW = SENT_AT + 1_234;

/** How a message ended, as the batch reports it. */
function reportOf(outcome: MessageReport["outcome"], fields: RecordFields = {}): MessageReport {
  const message = queueMessage(sqsRecord(fields), SENT_AT);
  const event = message.parsed.ok ? { event: message.parsed.event } : {};
  return { message, ...event, outcome, durationMs: 5 };
}

const idOf = (...report: Parameters<typeof reportOf>) =>
  outcomeEvent(reportOf(...report), NOW)?.id ?? "none";

test("an event that was carried out is told as a CloudEvent", () => {
  const outcome = { ...done, invitationId: "invitation-1" };

  expect(outcomeEvent(reportOf(outcome), NOW)).toEqual({
    specversion: "1.0",
    id: expect.stringMatching(/^[0-9a-f]{64}$/),
    source: "/logto-onboarding",
    type: "onboarding.outcome.done",
    time: "2026-03-01T12:00:01.234Z",
    datacontenttype: "application/json",
    causationid: "event-1",
    causationsource: "/tests",
    data: {
      eventType: "onboarding.invitation.create",
      organizationId: "acme",
      group: "group-1",
      detail: "created",
      invitationId: "invitation-1",
    },
  });
});

test("an event that was rejected is told with its reason and sentence", () => {
  const outcome = { ...reject, logtoRequestId: "request-1" };

  expect(outcomeEvent(reportOf(outcome), NOW)).toMatchObject({
    type: "onboarding.outcome.rejected",
    causationid: "event-1",
    data: {
      eventType: "onboarding.invitation.create",
      organizationId: "acme",
      group: "group-1",
      reason: "expired",
      sentence: "Too late.",
      logtoRequestId: "request-1",
    },
  });
});

test.each(roleScopesWords)(
  "a %s of a role's scopes is told by the role, of no organization",
  (word) => {
    const changed = {
      detail: "synced",
      organizationRoleId: "role-1",
      assigned: 2,
      removed: 1,
    } as const;
    const report = reportOf({ outcome: "done", ...changed }, { body: roleScopesJson(word) });

    expect(outcomeEvent(report, NOW)?.data).toEqual({
      eventType: `onboarding.role-scopes.${word}`,
      role: "member",
      group: "group-1",
      ...changed,
    });
    const rejected = reportOf(reject, { body: roleScopesJson(word) });
    expect(outcomeEvent(rejected, NOW)?.data).toEqual({
      eventType: `onboarding.role-scopes.${word}`,
      role: "member",
      group: "group-1",
      reason: "expired",
      sentence: "Too late.",
    });
  },
);

test("an event that is to come again is not told of", () => {
  expect(outcomeEvent(reportOf(retry), NOW)).toBeUndefined();
  expect(outcomeEvent(reportOf({ ...retry, retryAfterSeconds: 30 }), NOW)).toBeUndefined();
});

test.each(["not JSON", "{}", createEvent({ type: "onboarding.unknown" })])(
  "a body that is no event is told by its message, and nothing of it is: %j",
  (body) => {
    const report = reportOf(reject, { body, messageId: "message-7" });

    expect(outcomeEvent(report, NOW)).toEqual({
      specversion: "1.0",
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      source: "/logto-onboarding",
      type: "onboarding.outcome.rejected",
      time: "2026-03-01T12:00:01.234Z",
      datacontenttype: "application/json",
      causationid: "message-7",
      data: { group: "group-1", reason: "expired", sentence: "Too late." },
    });
  },
);

test("the trace of the event goes on", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const report = reportOf(done, { body: createEvent({ traceparent }) });

  expect(outcomeEvent(report, NOW)).toMatchObject({ traceparent });
});

describe("the id", () => {
  test("is the same whenever and however often the same ending is told", () => {
    const again = outcomeEvent(reportOf(done, { receiveCount: 4 }), NOW + 3_600_000);

    expect(again?.id).toBe(idOf(done));
    expect(idOf(reject)).toBe(idOf({ ...reject, reason: "another" }));
  });

  test("is the same when the message that was done is found done already", () => {
    expect(idOf({ outcome: "done", detail: "already-carried-out" })).toBe(idOf(done));
  });

  test("is another for another ending", () => {
    expect(idOf(reject)).not.toBe(idOf(done));
  });

  test("is another for another message, be it the same event that was redriven", () => {
    const ids = ["message-1", "message-2"].map((messageId) => idOf(reject, { messageId }));

    expect(new Set(ids).size).toBe(2);
  });
});

describe("neither invitee nor inviter, link, token or variable is told", () => {
  const CANARY = "k4n4ry";
  const invitee = `${CANARY}@example.com`;
  const message = { link: `https://example.com/${CANARY}?token={oneTimeToken}`, word: CANARY };
  const bodies = [
    ["create", { invitee, inviterId: CANARY, organizationRoleIds: [CANARY], message }],
    ["resend", { invitee, message }],
    ["accept", { invitee, acceptedUserId: CANARY }],
    ["revoke", { invitee }],
    ["delete", { invitee }],
  ] as const;

  test.each(bodies)("of onboarding.invitation.%s", (name, data) => {
    const body = createEvent({ type: `onboarding.invitation.${name}`, data });
    const reports = [done, reject].map((outcome) => reportOf(outcome, { body }));

    for (const report of reports) {
      expect(report.event?.type).toBe(`onboarding.invitation.${name}`);
      const told = JSON.stringify(outcomeEvent(report, NOW));
      expect(told).toContain("acme");
      expect(told).not.toContain(CANARY);
    }
  });

  test("of a body that is no event", () => {
    const report = reportOf(reject, { body: createEvent({ data: { invitee, [CANARY]: 1 } }) });

    expect(report.event).toBeUndefined();
    expect(JSON.stringify(outcomeEvent(report, NOW))).not.toContain(CANARY);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MessageReport } from "../../../lib/queue/batch.ts";
import { queueMessage } from "../../../lib/queue/record.ts";
import { reportMessage } from "../../../lib/queue/report.ts";
import { createLogger } from "../../../lib/runtime/logger.ts";
import { countMessage, createMetrics, publishMessageCounts } from "../../../lib/runtime/metrics.ts";
import { done, reject, retry } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const ADDRESS = "ada@example.com";

let written: string[];
beforeEach(() => {
  written = [];
  // With this the logger and the metrics write through the console of the process.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  for (const level of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((text: unknown) => {
      written.push(String(text));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** The log line and the metric of a message. */
function reported(report: Partial<MessageReport>, body: unknown = createEvent()) {
  const message = queueMessage(sqsRecord({ body, receiveCount: 2 }), SENT_AT);
  const event = message.parsed.ok ? { event: message.parsed.event } : {};
  const whole = { message, outcome: done, durationMs: 12.6, ...event, ...report };
  const facts = { logtoCalls: 3, inviteeHash: "hash of the invitee" };
  const metrics = createMetrics("invitations");
  reportMessage(whole, facts, createLogger("invitations"), metrics);
  publishMessageCounts(metrics);
  metrics.publishStoredMetrics();
  const lines: unknown[] = written.map((text) => JSON.parse(text));
  const isMetric = (line: unknown) => typeof line === "object" && line !== null && "_aws" in line;
  return { line: lines.find((line) => !isMetric(line)), metrics: lines.filter(isMetric) };
}

describe("the log line of a message", () => {
  test("says what became of it, in which event and message, and what it cost", () => {
    const { line } = reported({ outcome: { ...done, invitationId: "invitation-1" } });
    expect(line).toMatchObject({
      level: "INFO",
      message: "onboarding.invitation.create done",
      service: "invitations",
      outcome: "done",
      detail: "created",
      invitationId: "invitation-1",
      eventId: "event-1",
      eventSource: "/tests",
      organizationId: "acme",
      messageId: "message-1",
      group: "group-1",
      receiveCount: 2,
      durationMs: 13,
      logtoCalls: 3,
      inviteeHash: "hash of the invitee",
    });
  });

  test.each([retry, reject])("warns of what was not done: %o", (outcome) => {
    const { reason, sentence } = outcome;
    expect(reported({ outcome }).line).toMatchObject({ level: "WARN", reason, sentence });
  });

  test("of what is no event says so", () => {
    const { line } = reported({ outcome: reject }, "no JSON");
    expect(line).toMatchObject({ message: "message reject", messageId: "message-1" });
  });

  test("of a bug says where it was thrown, and repeats nothing of its message", () => {
    const error = new TypeError(`${ADDRESS}\n    is not\n    a function`);
    reported({ outcome: retry, error });
    expect(written.join()).toContain("report.test.ts");
    expect(written.join()).not.toContain(ADDRESS);
  });

  test.each([ADDRESS, { address: ADDRESS }, null, 0])(
    "of a thrown %j repeats nothing of it",
    (error) => {
      reported({ outcome: retry, error });
      expect(written.join()).not.toContain(ADDRESS);
    },
  );

  test("holds no address, link or variable of the event, however it ended", () => {
    const link = "https://app.example/?token=secret";
    const body = createEvent({ data: { invitee: ADDRESS, message: { link, team: "Secret" } } });
    for (const outcome of [done, retry, reject]) {
      reported({ outcome, error: new Error(ADDRESS) }, body);
    }
    expect(written.join()).not.toMatch(/ada@|token=|Secret/);
  });
});

describe("the metric of a message", () => {
  test.each([
    [done, "created"],
    [retry, "unavailable"],
    [reject, "expired"],
  ])("counts it under outcome and reason: %o", (outcome, reason) => {
    expect(reported({ outcome }).metrics).toContainEqual(
      expect.objectContaining({
        Messages: 1,
        outcome: outcome.outcome,
        reason,
        service: "invitations",
      }),
    );
  });

  test("counts those of one outcome and reason in one line, once", () => {
    const metrics = createMetrics("invitations");
    for (let count = 0; count < 3; count++) countMessage(metrics, "done", "created");
    countMessage(metrics, "retry", "unavailable");
    publishMessageCounts(metrics);
    publishMessageCounts(metrics);
    const counts = written.map((line) => JSON.parse(line));
    expect(counts).toEqual([
      expect.objectContaining({ outcome: "done", reason: "created", Messages: 3 }),
      expect.objectContaining({ outcome: "retry", reason: "unavailable", Messages: 1 }),
    ]);
  });

  test("tells its age in the queue, which is never below zero whatever the clocks say", () => {
    vi.useFakeTimers({ now: SENT_AT + 90_500, toFake: ["Date"] });
    expect(reported({}).metrics).toContainEqual(expect.objectContaining({ MessageAge: 90.5 }));
    written = [];
    vi.setSystemTime(SENT_AT - 5_000);
    expect(reported({}).metrics).toContainEqual(expect.objectContaining({ MessageAge: 0 }));
  });
});

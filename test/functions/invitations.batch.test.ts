import { createHmac } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributesOf } from "../support/dead-letters.ts";
import {
  CANARY,
  HASH_KEY,
  inviteeOf,
  type Name,
  type Played,
  playBatch,
  TRACEPARENT,
} from "./batch-of-everything.ts";
import { functionNameOf } from "./queue-function.ts";

const FUNCTION_NAME = functionNameOf("invitations");

let played: Played;
beforeAll(async () => {
  played = await playBatch();
});
afterAll(() => played.stop());

const messageOf = (name: Name): Message => played.messageOf(name);
const letterOf = (name: Name): Message => played.letterOf(name);
const lineOf = (name: Name) => played.lineOf(name);

describe("a batch with one of everything", () => {
  test("returns what is to come again, with what stands behind it, and nothing else", () => {
    const ids = ["retried", "behind"] as const;
    expect(played.answer).toEqual({
      batchItemFailures: ids.map((name) => ({ itemIdentifier: messageOf(name).MessageId })),
    });
  });

  test("invites who can be invited", () => {
    expect(played.logto.state.invitationsOf("acme", inviteeOf("done"))).toHaveLength(1);
    expect(played.logto.outbox.map(({ to }) => to)).toEqual([inviteeOf("done")]);
  });

  test("puts what was rejected, and only that, into the dead letters, as it came", () => {
    const rejected = ["rejected", "invalid", "text"] as const;
    expect(played.letters.map(({ Body }) => Body).toSorted()).toEqual(
      rejected.map((name) => messageOf(name).Body).toSorted(),
    );
    for (const name of rejected) {
      expect(letterOf(name).Attributes?.MessageGroupId).toBe(
        messageOf(name).Attributes?.MessageGroupId,
      );
    }
  });
});

describe("a dead letter", () => {
  const times = (name: Name) => {
    const { SentTimestamp, ApproximateFirstReceiveTimestamp } = messageOf(name).Attributes ?? {};
    return {
      sentAt: new Date(Number(SentTimestamp)).toISOString(),
      firstReceivedAt: new Date(Number(ApproximateFirstReceiveTimestamp)).toISOString(),
      failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    };
  };

  test("of what Logto refused says why, which function, when, how often and Logto's request id", () => {
    expect(attributesOf(letterOf("rejected"))).toEqual({
      reason: "invalid",
      sentence: expect.stringMatching(/^Logto refuses the request \(POST .*: 400 guard\./),
      function: FUNCTION_NAME,
      receiveCount: "1",
      eventId: "rejected",
      logtoRequestId: "request-1",
      ...times("rejected"),
    });
    const { sentAt = "", failedAt = "" } = attributesOf(letterOf("rejected"));
    expect(Date.parse(failedAt)).toBeGreaterThanOrEqual(Date.parse(sentAt));
  });

  test.each([
    ["invalid", "invalid-data"],
    ["text", "not-json"],
  ] as const)("of what is no event says what is wrong with it: %s", (name, reason) => {
    expect(attributesOf(letterOf(name))).toEqual({
      reason,
      sentence: expect.stringMatching(/^The message is no onboarding event: .+\.$/),
      function: FUNCTION_NAME,
      receiveCount: "1",
      ...times(name),
    });
  });

  test("tells no address, link, token or secret outside of its body", () => {
    for (const letter of played.letters) {
      expect(JSON.stringify(attributesOf(letter))).not.toContain(CANARY);
      expect(JSON.stringify(letter.Attributes)).not.toContain(CANARY);
    }
  });
});

describe("the log", () => {
  const common = (name: Name) => ({
    messageId: messageOf(name).MessageId,
    group: messageOf(name).Attributes?.MessageGroupId,
    receiveCount: 1,
    durationMs: expect.any(Number),
    service: "invitations",
    function_name: FUNCTION_NAME,
    function_request_id: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  const ofEvent = (name: Name) => ({
    eventId: name,
    eventSource: "/tests",
    eventType: "onboarding.invitation.create",
    organizationId: "acme",
    traceparent: TRACEPARENT,
    inviteeHash: createHmac("sha256", HASH_KEY).update(inviteeOf(name)).digest("hex"),
  });

  test("has a line for what was done", () => {
    expect(lineOf("done")).toMatchObject({
      level: "INFO",
      message: "onboarding.invitation.create done",
      outcome: "done",
      detail: "created",
      invitationId: played.logto.state.invitationsOf("acme", inviteeOf("done"))[0]?.id,
      logtoCalls: expect.any(Number),
      ...common("done"),
      ...ofEvent("done"),
    });
  });

  test("has a line for what was rejected, with the reason and where it was thrown", () => {
    expect(lineOf("rejected")).toMatchObject({
      level: "WARN",
      message: "onboarding.invitation.create reject",
      outcome: "reject",
      reason: "invalid",
      logtoRequestId: "request-1",
      sentence: attributesOf(letterOf("rejected"))["sentence"],
      stack: expect.stringMatching(/^ +at /),
      ...common("rejected"),
      ...ofEvent("rejected"),
    });
  });

  test("has a line for what is to come again, and how soon", () => {
    expect(lineOf("retried")).toMatchObject({
      level: "WARN",
      message: "onboarding.invitation.create retry",
      outcome: "retry",
      reason: "unavailable",
      retryAfterSeconds: 60,
      ...common("retried"),
      ...ofEvent("retried"),
    });
  });

  test("has a line for what is no event, which names no event", () => {
    for (const name of ["invalid", "text"] as const) {
      const line = lineOf(name);
      expect(line).toMatchObject({
        level: "WARN",
        message: "message reject",
        outcome: "reject",
        logtoCalls: 0,
        ...common(name),
      });
      for (const field of Object.keys(ofEvent(name))) expect(line).not.toHaveProperty(field);
    }
  });

  test("has none for what was not begun", () => {
    expect(lineOf("behind")).toBeUndefined();
    expect(played.log.messageLines()).toHaveLength(5);
  });

  test("counts each message's own calls to Logto, all of them together", () => {
    const counted = played.log.messageLines().map(({ logtoCalls }) => Number(logtoCalls));
    const inAll = played.logto.calls.count() - played.logto.calls.count("POST /oidc/token");
    expect(counted.reduce((sum, calls) => sum + calls, 0)).toBe(inAll);
    for (const name of ["done", "rejected", "retried"] as const) {
      expect(Number(lineOf(name)?.["logtoCalls"])).toBeGreaterThan(0);
    }
  });

  test("holds no address, link, token or secret, in no line of any kind", () => {
    expect(played.log.text()).not.toContain(CANARY);
    expect(played.log.text()).not.toContain(played.logto.app.secret);
  });
});

describe("the metrics", () => {
  test("count each message by outcome and reason", () => {
    const counts = played.log
      .metrics()
      .filter((line) => "Messages" in line)
      .map(({ outcome, reason, Messages }) => [outcome, reason, Messages]);
    expect(counts.toSorted()).toEqual([
      ["done", "created", 1],
      ["reject", "invalid", 1],
      ["reject", "invalid-data", 1],
      ["reject", "not-json", 1],
      ["retry", "unavailable", 1],
    ]);
  });

  test("tell of the messages' age and of the calls to Logto", () => {
    const line = played.log.metrics().find((candidate) => "MessageAge" in candidate);
    expect(line).toMatchObject({
      service: "invitations",
      _aws: { CloudWatchMetrics: [{ Namespace: "LogtoOnboarding" }] },
      MessageAge: [1, 2, 3, 4, 5].map(() => expect.any(Number)),
    });
    const calls = line?.["LogtoCalls"];
    const counted = Array.isArray(calls) ? calls : [];
    expect(counted).toHaveLength(played.logto.calls.count());
    expect(line?.["LogtoCallDuration"]).toHaveLength(counted.length);
    expect(JSON.stringify(line)).toContain('{"Name":"LogtoCallDuration","Unit":"Milliseconds"}');
    expect(JSON.stringify(line)).toContain('{"Name":"MessageAge","Unit":"Seconds"}');
  });

  test("are those of one namespace and one service", () => {
    for (const line of played.log.metrics()) {
      expect(line).toMatchObject({
        service: "invitations",
        _aws: { CloudWatchMetrics: [{ Namespace: "LogtoOnboarding" }] },
      });
    }
  });
});

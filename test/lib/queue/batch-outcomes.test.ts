import { describe, expect, test } from "vitest";
import { logtoError } from "../../../lib/logto/errors.ts";
import { type BatchWork, processBatch } from "../../../lib/queue/batch.ts";
import { batchWork, done, reject, retry } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const deadline = { startBefore: SENT_AT + 10_000, endBy: SENT_AT + 15_000 };

const run = (ids: readonly string[], work: BatchWork) =>
  processBatch(
    ids.map((messageId) => sqsRecord({ messageId })),
    work,
    deadline,
  );

const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Does `how` with one message and carries out the others. */
const handleOne =
  (id: string, how: BatchWork["handle"]): BatchWork["handle"] =>
  async (task) =>
    task.message.messageId === id ? how(task) : done;

describe("a reject", () => {
  test("goes to the dead letters, does not come back and does not hold up its group", async () => {
    const { work, log } = batchWork({ handle: handleOne("m1", async () => reject) });
    expect(await run(["m1", "m2"], work)).toEqual(failures());
    expect(log.handled).toEqual(["m1", "m2"]);
    expect(log.deadLetters).toMatchObject([{ message: { messageId: "m1" }, outcome: reject }]);
    expect(log.delays).toEqual([]);
  });

  test("that the dead letters do not take comes back, and holds up its group", async () => {
    const refusal = new Error("SQS is down");
    const { work, log } = batchWork({
      handle: handleOne("m1", async () => reject),
      deadLetter: () => Promise.reject(refusal),
    });
    expect(await run(["m1", "m2"], work)).toEqual(failures("m1", "m2"));
    expect(log.handled).toEqual(["m1"]);
    expect(log.reports).toMatchObject([
      {
        outcome: {
          outcome: "retry",
          reason: "dead-letter-failed",
          sentence: "The dead letters did not take the message, which was rejected: Too late.",
        },
        error: refusal,
      },
    ]);
    expect(log.delays.map(({ seconds }) => seconds)).toEqual([5, 5]);
  });

  test("whose dead letter throws before it gives a promise is no different", async () => {
    const { work } = batchWork({
      handle: async () => reject,
      deadLetter: () => {
        throw new Error("at once");
      },
    });
    expect(await run(["m1"], work)).toEqual(failures("m1"));
  });
});

describe("a handler that throws", () => {
  test("is a retry of its message and the rest of its group, and of no other group", async () => {
    const { work, log } = batchWork({
      handle: handleOne("m1", () => Promise.reject(new TypeError("bug"))),
    });
    const records = [
      sqsRecord({ messageId: "m1", group: "a" }),
      sqsRecord({ messageId: "m2", group: "b" }),
      sqsRecord({ messageId: "m3", group: "a" }),
    ];
    expect(await processBatch(records, work, deadline)).toEqual(failures("m1", "m3"));
    const bug = log.reports.find(({ message }) => message.messageId === "m1");
    expect(bug).toMatchObject({
      outcome: { outcome: "retry", reason: "unexpected-error" },
      error: new TypeError("bug"),
    });
  });

  test("before it gives a promise is no different", async () => {
    const { work } = batchWork({
      handle: () => {
        throw new TypeError("bug");
      },
    });
    expect(await run(["m1"], work)).toEqual(failures("m1"));
  });

  test("what can never succeed is rejected, and what was thrown is told", async () => {
    const error = logtoError("invalid", "Logto refuses it", { operation: "invitations.create" });
    const { work, log } = batchWork({ handle: () => Promise.reject(error) });
    expect(await run(["m1"], work)).toEqual(failures());
    expect(log.deadLetters).toMatchObject([{ outcome: { reason: "invalid" } }]);
    expect(log.reports).toMatchObject([{ outcome: { outcome: "reject" }, error }]);
  });

  test.each([
    [899_999, failures("m1"), 0],
    [900_000, failures(), 1],
  ])(
    "is judged by the message's age when it threw: %d ms",
    async (ageMs, expected, deadLetters) => {
      let now = SENT_AT;
      const { work, log } = batchWork({
        now: () => now,
        handle: async () => {
          now = SENT_AT + ageMs;
          throw logtoError("reference-not-found", "unknown", { operation: "invitations.create" });
        },
      });
      expect(await run(["m1"], work)).toEqual(expected);
      expect(log.deadLetters).toHaveLength(deadLetters);
    },
  );
});

describe("a body that is no event", () => {
  const broken = [
    ["not-json", "no JSON"],
    ["not-a-cloudevent", "{}"],
    ["unknown-type", createEvent({ type: "onboarding.unknown" })],
    ["invalid-data", createEvent({ data: { invitee: "Ada@@Secret" } })],
  ] as const;

  test.each(broken)(
    "goes to the dead letters as %s, and good ones around it are done",
    async (reason, body) => {
      const { work, log } = batchWork();
      const records = [
        sqsRecord({ messageId: "m1" }),
        sqsRecord({ messageId: "m2", body }),
        sqsRecord({ messageId: "m3" }),
      ];
      expect(await processBatch(records, work, deadline)).toEqual(failures());
      expect(log.handled).toEqual(["m1", "m3"]);
      expect(log.deadLetters).toMatchObject([
        { message: { messageId: "m2" }, outcome: { outcome: "reject", reason } },
      ]);
    },
  );

  test("is told in words that say where, and repeat nothing of it", async () => {
    const { work, log } = batchWork();
    const body = createEvent({ data: { invitee: "secret", [`ada@example.com`]: 1 } });
    await processBatch([sqsRecord({ body })], work, deadline);
    const { sentence } = log.deadLetters[0]?.outcome ?? {};
    expect(sentence).toBe(
      "The message is no onboarding event: data.invitee must be an e-mail address; data.(a field) is not a known field.",
    );
  });

  test("comes back when the dead letters do not take it", async () => {
    const { work } = batchWork({ deadLetter: () => Promise.reject(new Error("SQS is down")) });
    const records = [
      sqsRecord({ messageId: "m1", group: "a", body: "no JSON" }),
      sqsRecord({ messageId: "m2", group: "b" }),
    ];
    expect(await processBatch(records, work, deadline)).toEqual(failures("m1"));
  });
});

describe("setting the delays", () => {
  test("is done once for the whole batch", async () => {
    const calls: number[] = [];
    const { work } = batchWork({
      handle: async () => retry,
      delay: async (delays) => {
        calls.push(delays.length);
      },
    });
    const records = ["a", "b", "c"].map((group) => sqsRecord({ messageId: group, group }));
    await processBatch(records, work, deadline);
    expect(calls).toEqual([3]);
  });

  test("is not asked for when everything is finished with", async () => {
    const { work } = batchWork({ delay: () => Promise.reject(new Error("asked for")) });
    expect(await run(["m1"], work)).toEqual(failures());
  });

  test("that fails changes no outcome: the queue's own timeout decides, and somebody is told", async () => {
    const { work, log } = batchWork({
      handle: async () => retry,
      delay: () => Promise.reject(new Error("SQS is down")),
    });
    expect(await run(["m1", "m2"], work)).toEqual(failures("m1", "m2"));
    expect(log.warnings).toEqual(["the delay was not set: the queue's visibility timeout decides"]);
  });
});

test("a report that fails takes no message with it: what is done stays done", async () => {
  const { work } = batchWork({
    report: () => {
      throw new Error("the metric has no name");
    },
  });
  expect(await run(["m1", "m2"], work)).toEqual(failures());
});

test("every message that was begun is reported once, with its event, outcome and time", async () => {
  const { work, log } = batchWork({ handle: handleOne("m2", async () => reject) });
  await run(["m1", "m2"], work);
  expect(log.reports).toMatchObject([
    { message: { messageId: "m1" }, event: { id: "event-1" }, outcome: done },
    { message: { messageId: "m2" }, event: { id: "event-1" }, outcome: reject },
  ]);
  for (const { durationMs } of log.reports) expect(durationMs).toBeGreaterThanOrEqual(0);
});

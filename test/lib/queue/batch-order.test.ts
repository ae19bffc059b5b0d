import { describe, expect, test } from "vitest";
import { type BatchWork, processBatch } from "../../../lib/queue/batch.ts";
import { batchWork, done, reject, retry } from "../../support/batch-work.ts";
import { SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const deadline = { startBefore: SENT_AT + 10_000, endBy: SENT_AT + 15_000 };

/** Messages named after their group: `a1`, `a2`, `b1`. */
const records = (...ids: string[]) =>
  ids.map((messageId) => sqsRecord({ messageId, group: messageId.slice(0, 1) }));

const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** A handler that waits for the test, message by message. */
function heldWork() {
  const held = new Map<string, PromiseWithResolvers<void>>();
  const begun = new Map<string, PromiseWithResolvers<void>>();
  const of = (map: typeof held, id: string) => {
    const found = map.get(id) ?? Promise.withResolvers<void>();
    map.set(id, found);
    return found;
  };
  const handle: BatchWork["handle"] = async ({ message: { messageId } }) => {
    of(begun, messageId).resolve();
    await of(held, messageId).promise;
    return done;
  };
  return {
    handle,
    begun: (id: string) => of(begun, id).promise,
    release: (id: string) => of(held, id).resolve(),
  };
}

describe("order", () => {
  test("groups are worked on beside each other", async () => {
    const { handle, begun, release } = heldWork();
    const { work, log } = batchWork({ handle });
    const batch = processBatch(records("a1", "b1", "c1"), work, deadline);
    // Would wait for ever if b or c waited for a.
    await Promise.all([begun("a1"), begun("b1"), begun("c1")]);
    for (const id of ["c1", "a1", "b1"]) release(id);
    expect(await batch).toEqual(failures());
    expect(log.reports).toHaveLength(3);
  });

  test("a slow group does not hold up another, which ends first", async () => {
    const { handle, begun, release } = heldWork();
    const { work, log } = batchWork({ handle });
    const batch = processBatch(records("a1", "b1", "b2"), work, deadline);
    release("b1");
    await begun("b2");
    release("b2");
    await begun("a1");
    expect(log.handled).toEqual(["a1", "b1", "b2"]);
    release("a1");
    await batch;
  });

  test("a message of a group is begun only when the one before it has ended", async () => {
    const { handle, begun, release } = heldWork();
    const { work, log } = batchWork({ handle });
    const batch = processBatch(records("a1", "b1", "a2", "b2"), work, deadline);
    await begun("a1");
    release("b1");
    await begun("b2");
    expect(log.handled).toEqual(["a1", "b1", "b2"]);
    release("b2");
    release("a1");
    await begun("a2");
    release("a2");
    await batch;
    expect(log.handled).toEqual(["a1", "b1", "b2", "a2"]);
  });

  test("a rejected message is in the dead letters before the next of its group is begun", async () => {
    const gate = Promise.withResolvers<void>();
    const sending = Promise.withResolvers<void>();
    const { work, log } = batchWork({
      handle: async ({ message }) => (message.messageId === "a1" ? reject : done),
      deadLetter: () => {
        sending.resolve();
        return gate.promise;
      },
    });
    const batch = processBatch(records("a1", "a2"), work, deadline);
    await sending.promise;
    expect(log.handled).toEqual(["a1"]);
    gate.resolve();
    expect(await batch).toEqual(failures());
    expect(log.handled).toEqual(["a1", "a2"]);
  });

  test("a finished message is out of the queue before the next of its group is begun", async () => {
    const gate = Promise.withResolvers<void>();
    const acknowledging = Promise.withResolvers<string>();
    const { work, log } = batchWork({
      acknowledge: ({ messageId }) => {
        acknowledging.resolve(messageId);
        return gate.promise;
      },
    });
    const batch = processBatch(records("a1", "a2"), work, deadline);
    expect(await acknowledging.promise).toBe("a1");
    expect(log.handled).toEqual(["a1"]);
    gate.resolve();
    expect(await batch).toEqual(failures());
    expect(log.handled).toEqual(["a1", "a2"]);
  });

  test("the last finished message of each group is left for Lambda to delete", async () => {
    const { work, log } = batchWork({
      handle: async ({ message }) => (message.messageId === "b2" ? retry : done),
    });
    await processBatch(records("a1", "a2", "a3", "b1", "b2", "c1"), work, deadline);
    expect(log.acknowledged.toSorted()).toEqual(["a1", "a2", "b1"]);
  });

  test("a group waits behind a finished message that cannot be taken out of the queue", async () => {
    const { work, log } = batchWork({
      acknowledge: () => Promise.reject(new Error("SQS is down")),
    });
    expect(await processBatch(records("a1", "a2", "b1", "a3"), work, deadline)).toEqual(
      failures("a2", "a3"),
    );
    expect(log.handled).toEqual(["a1", "b1"]);
    expect(log.delays.map(({ seconds }) => seconds)).toEqual([5, 5]);
    expect(log.warnings).toEqual([
      "a finished message was not taken out of the queue, so its group waits",
    ]);
  });

  test("messages of one body and different groups are all carried out", async () => {
    const { work, log } = batchWork();
    expect(await processBatch(records("a1", "b1"), work, deadline)).toEqual(failures());
    expect(log.handled).toEqual(["a1", "b1"]);
  });

  test("an empty batch ends with nothing asked of anybody", async () => {
    const { work, log } = batchWork();
    expect(await processBatch([], work, deadline)).toEqual(failures());
    expect(log).toMatchObject({ handled: [], delays: [], reports: [] });
  });
});

describe("the first retry of a group", () => {
  const retryOf =
    (id: string): BatchWork["handle"] =>
    async ({ message }) =>
      message.messageId === id ? retry : done;

  test("ends the group's turn: it and the rest come back, the rest untouched, all after the same time", async () => {
    const { work, log } = batchWork({ handle: retryOf("a2") });
    const batch = await processBatch(records("a1", "a2", "b1", "a3", "a4"), work, deadline);

    expect(batch).toEqual(failures("a2", "a3", "a4"));
    expect(log.handled).toEqual(["a1", "b1", "a2"]);
    expect(log.delays).toEqual(
      ["a2", "a3", "a4"].map((id) => ({ receiptHandle: `handle of ${id}`, seconds: 5 })),
    );
    expect(log.reports.map(({ message }) => message.messageId)).toEqual(["a1", "b1", "a2"]);
  });

  test("decides by its own receive count and luck, whatever those of the rest are", async () => {
    const { work, log } = batchWork({ handle: async () => retry, random: () => 0.5 });
    const batch = [
      sqsRecord({ messageId: "a1", receiveCount: 5 }),
      sqsRecord({ messageId: "a2", receiveCount: 1 }),
    ];
    await processBatch(batch, work, deadline);
    expect(log.delays.map(({ seconds }) => seconds)).toEqual([60, 60]);
  });

  test("waits as long as the answer asked for", async () => {
    const { work, log } = batchWork({
      handle: async () => ({ ...retry, retryAfterSeconds: 600 }),
      random: () => 0,
    });
    await processBatch(records("a1", "a2"), work, deadline);
    expect(log.delays.map(({ seconds }) => seconds)).toEqual([600, 600]);
  });

  test("leaves other groups alone, each with a time of its own", async () => {
    const { work, log } = batchWork({ handle: async () => retry });
    const batch = [
      sqsRecord({ messageId: "a1", group: "a", receiveCount: 3 }),
      sqsRecord({ messageId: "b1", group: "b", receiveCount: 1 }),
    ];
    await processBatch(batch, work, deadline);
    expect(log.delays).toEqual([
      { receiptHandle: "handle of a1", seconds: 20 },
      { receiptHandle: "handle of b1", seconds: 5 },
    ]);
  });
});

describe("the deadline", () => {
  const late = SENT_AT + 10_000;

  test("lets nothing begin from then on: it comes back at once, and was not tried", async () => {
    const { work, log } = batchWork({ now: () => late });
    const batch = await processBatch(records("a1", "b1", "a2"), work, deadline);
    expect(batch).toEqual(failures("a1", "a2", "b1"));
    expect(log.handled).toEqual([]);
    expect(log.reports).toEqual([]);
    expect(log.delays.map(({ seconds }) => seconds)).toEqual([0, 0, 0]);
  });

  test("still lets a message begin a millisecond before it", async () => {
    const { work } = batchWork({ now: () => late - 1 });
    expect(await processBatch(records("a1"), work, deadline)).toEqual(failures());
  });

  test("that passes during a group returns the rest of it, and keeps what was done", async () => {
    let now = SENT_AT;
    const { work, log } = batchWork({
      now: () => now,
      handle: async () => {
        now += 6_000;
        return done;
      },
    });
    expect(await processBatch(records("a1", "a2", "a3", "a4"), work, deadline)).toEqual(
      failures("a3", "a4"),
    );
    expect(log.handled).toEqual(["a1", "a2"]);
    expect(log.delays.map(({ seconds }) => seconds)).toEqual([0, 0]);
  });

  test("holds for what is no event too: not even a dead letter is sent", async () => {
    const { work, log } = batchWork({ now: () => late });
    const batch = [sqsRecord({ messageId: "a1", body: "no JSON" })];
    expect(await processBatch(batch, work, deadline)).toEqual(failures("a1"));
    expect(log.deadLetters).toEqual([]);
  });

  test("is given to the handler, with event and message", async () => {
    const { work } = batchWork({
      handle: async (task) => {
        expect(task.deadline).toEqual(deadline);
        expect(task.event.data).toMatchObject({ invitee: "ada@example.com" });
        expect(task.message.messageId).toBe("a1");
        return done;
      },
    });
    expect(await processBatch(records("a1"), work, deadline)).toEqual(failures());
  });
});

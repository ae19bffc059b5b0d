import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeadLetterFilter } from "../../../lib/dead-letters/filter.ts";
import { findDeadLetters, listDeadLetters } from "../../../lib/dead-letters/list.ts";
import type { QueuePair } from "../../../lib/dead-letters/queue.ts";
import {
  createCrashingPair,
  createPair,
  eventIdsOf,
  peek,
  putBare,
  putLetter,
  putLetters,
  SENTENCE,
} from "../../support/dead-letters.ts";
import { createEvent } from "../../support/events.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { type SqsProxy, startSqsProxy } from "../../support/sqs-proxy.ts";

let queues: Queues;
let proxy: SqsProxy;
beforeAll(async () => {
  queues = await startQueues();
  proxy = await startSqsProxy(queues.standIn.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await queues.stop();
});

const newPair = () => createPair(queues, `list-${randomUUID()}`);
const list = (pairs: readonly QueuePair[], filter: DeadLetterFilter = {}) =>
  listDeadLetters(proxy.sqs, pairs, filter);
const find = (pairs: readonly QueuePair[], id: string) => findDeadLetters(proxy.sqs, pairs, id);

const HOUR = 3_600_000;
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `event-${index}`);

describe("the list of dead letters", () => {
  test("counts by reason, the most first, each with its oldest", async () => {
    const pair = await newPair();
    const ages: readonly (readonly [string, number, string])[] = [
      ["expired", 2, "e2"],
      ["unavailable", 1, "u1"],
      ["expired", 3, "e3"],
      ["expired", 1, "e1"],
      ["unavailable", 5, "u5"],
    ];
    const before = Date.now();
    for (const [reason, hours, id] of ages) {
      const attributes = { reason, sentence: `${reason}, ${hours} hours ago` };
      const body = createEvent({ id });
      await putLetter(queues, pair, { body, group: id, ageMs: hours * HOUR, attributes });
    }
    const { groups, notSeen } = await list([pair]);

    expect(notSeen).toBe(0);
    expect(groups.map(({ oldestFailedAt: _, ...group }) => group)).toEqual([
      {
        queue: pair.name,
        reason: "expired",
        count: 3,
        sentence: "expired, 3 hours ago",
        eventIds: ["e3", "e2", "e1"],
      },
      {
        queue: pair.name,
        reason: "unavailable",
        count: 2,
        sentence: "unavailable, 5 hours ago",
        eventIds: ["u5", "u1"],
      },
    ]);
    for (const [index, hours] of [3, 5].entries()) {
      const oldest = groups[index]?.oldestFailedAt ?? "";
      expect(oldest).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(oldest)).toBeGreaterThanOrEqual(before - hours * HOUR);
      expect(Date.parse(oldest)).toBeLessThanOrEqual(Date.now() - hours * HOUR);
    }
  });

  test("is empty where there is nothing", async () => {
    expect(await list([await newPair()])).toMatchObject({ groups: [], notSeen: 0 });
    expect(await list([])).toMatchObject({ groups: [], notSeen: 0 });
  });

  test("gives ten event ids, the oldest first, and message ids for what is no event", async () => {
    const pair = await newPair();
    for (const [index, id] of numbered(12).entries()) {
      const fields = { group: id, ageMs: (12 - index) * HOUR };
      await putLetter(queues, pair, { ...fields, body: createEvent({ id }) });
    }
    const attributes = { reason: "not-json" };
    const messageId = await putLetter(queues, pair, { body: "no JSON", group: "x", attributes });
    const { groups } = await list([pair]);
    expect(groups.map(({ count, eventIds }) => ({ count, eventIds }))).toEqual([
      { count: 12, eventIds: numbered(10) },
      { count: 1, eventIds: [messageId] },
    ]);
  });

  test("tells the queues apart", async () => {
    const [first, second] = [await newPair(), await newPair()];
    await putLetters(queues, first, "a", ["event-1"]);
    await putLetters(queues, second, "a", ["event-2", "event-3"]);
    const { groups } = await list([first, second]);
    expect(groups.map(({ queue, count, eventIds }) => ({ queue, count, eventIds }))).toEqual([
      { queue: second.name, count: 2, eventIds: ["event-2", "event-3"] },
      { queue: first.name, count: 1, eventIds: ["event-1"] },
    ]);
  });

  test("changes nothing: whoever looks next finds all of it, in order", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1", "a2", "a3"]);
    await putLetters(queues, pair, "b", ["b1"]);
    const first = await list([pair]);
    expect(await list([pair])).toEqual(first);
    expect(eventIdsOf(await peek(queues, pair.deadLetterQueueUrl))).toEqual([
      "a1",
      "a2",
      "a3",
      "b1",
    ]);
  });

  test("says how many stand behind others of their message group", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "one group", numbered(23));
    await putLetters(queues, pair, "another", ["b1"]);
    const { groups, notSeen } = await list([pair]);
    const counted = groups.reduce((sum, { count }) => sum + count, 0);
    expect(counted + notSeen).toBe(24);
    expect(counted).toBeGreaterThanOrEqual(11);
  });

  test("of many groups is complete, however many calls it takes", async () => {
    const pair = await newPair();
    for (const id of numbered(35)) await putLetters(queues, pair, id, [id]);
    const { groups, notSeen } = await list([pair]);
    expect({ count: groups[0]?.count, notSeen }).toEqual({ count: 35, notSeen: 0 });
  });

  test("can be asked for before the queue was looked at to its end by somebody else", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1", "a2"]);
    await queues.receive(pair.deadLetterQueueUrl);
    expect(await list([pair])).toMatchObject({ groups: [], notSeen: 2 });
  });
});

test("a message that crashed its function until SQS moved it is listed as crashed", async () => {
  const pair = await createCrashingPair(queues, `crashing-${randomUUID()}`);
  await putBare(queues, pair.queueUrl, { body: createEvent({ id: "crash" }), group: "g" });
  expect(eventIdsOf(await peek(queues, pair.queueUrl))).toEqual(["crash"]);
  expect(await peek(queues, pair.queueUrl)).toEqual([]);

  await putLetter(queues, pair, { group: "h" });
  const { groups } = await list([pair], { reason: "crashed" });
  expect(groups).toEqual([
    {
      queue: pair.name,
      reason: "crashed",
      count: 1,
      oldestFailedAt: expect.stringMatching(/Z$/),
      sentence: "SQS gave it up: the function failed each time it had it.",
      eventIds: ["crash"],
    },
  ]);
});

describe("the list of some dead letters", () => {
  let pair: QueuePair;
  beforeAll(async () => {
    pair = await newPair();
    const bodies = {
      plain: createEvent({ id: "plain" }),
      other: createEvent({ id: "other", data: { organizationId: "globex" } }),
      revoke: createEvent({ id: "revoke", type: "onboarding.invitation.revoke" }),
      "no-event": "no JSON",
    };
    for (const [group, body] of Object.entries(bodies)) {
      const attributes: Record<string, string> = group === "revoke" ? { reason: "invalid" } : {};
      const ageMs = group === "other" ? 48 * HOUR : HOUR;
      await putLetter(queues, pair, { group, body, attributes, ageMs });
    }
  });

  test.each<[string, DeadLetterFilter, number]>([
    ["reason", { reason: "invalid" }, 1],
    ["type", { type: "onboarding.invitation.create" }, 2],
    ["organization", { organizationId: "globex" }, 1],
    ["event id", { eventId: "plain" }, 1],
    ["age at least", { olderThanSeconds: 24 * 3_600 }, 1],
    ["age at most", { newerThanSeconds: 24 * 3_600 }, 3],
    ["several at once", { reason: "invitation-expired", organizationId: "acme" }, 1],
    ["what there is none of", { reason: "crashed" }, 0],
  ])("by %s has only those, and does not call the others unseen", async (_, filter, expected) => {
    const { groups, notSeen } = await list([pair], filter);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(expected);
    expect(notSeen).toBe(0);
  });
});

describe("one dead letter", () => {
  test("is found by its event id and by its message id, whole", async () => {
    const [empty, pair] = [await newPair(), await newPair()];
    const body = JSON.stringify(createEvent({ id: "wanted" }));
    const attributes = { logtoRequestId: "request-1" };
    const messageId = await putLetter(queues, pair, { group: "g", body, attributes });
    await putLetters(queues, pair, "h", ["unwanted"]);

    for (const id of ["wanted", messageId]) {
      expect(await find([empty, pair], id)).toMatchObject([
        {
          queue: pair.name,
          messageId,
          body,
          group: "g",
          reason: "invitation-expired",
          sentence: SENTENCE,
          logtoRequestId: "request-1",
          receiveCount: 3,
        },
      ]);
    }
  });

  test("that is there several times is given several times", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["same"]);
    await putLetters(queues, pair, "b", ["same"]);
    expect(await find([pair], "same")).toHaveLength(2);
  });

  test("that is not there is none, and nothing is changed by looking", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["event-1"]);
    expect(await find([pair], "no-such")).toEqual([]);
    expect(eventIdsOf(await peek(queues, pair.deadLetterQueueUrl))).toEqual(["event-1"]);
  });

  test("that is no event is found by its message id", async () => {
    const pair = await newPair();
    const messageId = await putLetter(queues, pair, { body: "no JSON" });
    expect(await find([pair], messageId)).toMatchObject([{ body: "no JSON" }]);
  });
});

test("a failure while looking gives back what was held", async () => {
  const pair = await newPair();
  for (const id of numbered(12)) await putLetters(queues, pair, id, [id]);
  const receives: number[] = [];
  const failing = await startSqsProxy(queues.standIn.endpoint, {
    before: ({ operation, number }) => {
      if (operation === "ReceiveMessage") receives.push(number);
      return operation === "ReceiveMessage" && receives.length === 2 ? "refuse" : "pass";
    },
  });
  await expect(listDeadLetters(failing.sqs, [pair], {})).rejects.toThrow("asked for");
  await failing.stop();
  expect(await list([pair])).toMatchObject({ groups: [{ count: 12 }], notSeen: 0 });
});

test("asks SQS to wait, so that an empty answer means an empty queue", async () => {
  const pair = await newPair();
  const watched = await startSqsProxy(queues.standIn.endpoint);
  await listDeadLetters(watched.sqs, [pair], {});
  await watched.stop();
  const receives = watched.calls.filter(({ operation }) => operation === "ReceiveMessage");
  expect(receives.map(({ input }) => input["WaitTimeSeconds"])).toEqual([1]);
});

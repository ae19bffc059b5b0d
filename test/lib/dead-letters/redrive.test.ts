import { afterAll, describe, expect, test } from "vitest";
import type { DeadLetterFilter } from "../../../lib/dead-letters/filter.ts";
import {
  attributesOf,
  peek,
  putBare,
  putLetter,
  putLetters,
  roleScopesEvent,
} from "../../support/dead-letters.ts";
import { createEvent } from "../../support/events.ts";
import { nothingLeftOut, numbered, startRedriving } from "./redriving.ts";

const { queues, newPair, redrive, inQueue, leftBehind } = await startRedriving();
afterAll(() => queues.stop());

describe("a redriven letter", () => {
  test("is in its queue as it was, with when it was first sent and given up, and no dead letter any more", async () => {
    const pair = await newPair();
    const body = ` {"id" : "Ünïcödé 🎉",\n "any": "text" }`;
    const [sentAt, failedAt] = ["2026-03-01T10:00:00.123Z", "2026-03-01T11:00:00.456Z"];
    await putLetter(queues, pair, { body, group: "g", attributes: { sentAt, failedAt } });
    const { result } = await redrive([pair]);

    expect(result).toMatchObject({ done: 1, seen: 1, ...nothingLeftOut });
    const [message, ...others] = await queues.drain(pair.queueUrl);
    expect(others).toEqual([]);
    expect(message?.Body).toBe(body);
    expect(message?.Attributes?.MessageGroupId).toBe("g");
    expect(attributesOf(message ?? {})).toEqual({
      firstSentAt: sentAt,
      deadLetteredAt: failedAt,
    });
    expect(await queues.drain(pair.deadLetterQueueUrl)).toEqual([]);
  });

  test("that crashed its function is redriven as well, with the times that SQS knows", async () => {
    const pair = await newPair();
    await putBare(queues, pair.deadLetterQueueUrl, { body: createEvent({ id: "crash" }) });
    const [letter] = await peek(queues, pair.deadLetterQueueUrl);
    const movedAt = new Date(Number(letter?.Attributes?.SentTimestamp)).toISOString();
    const { result } = await redrive([pair], { filter: { reason: "crashed" } });

    expect(result).toMatchObject({ done: 1 });
    const [message] = await queues.drain(pair.queueUrl);
    expect(attributesOf(message ?? {})).toEqual({ firstSentAt: movedAt, deadLetteredAt: movedAt });
  });

  test("goes to the queue of its own dead letters", async () => {
    const [first, second] = [await newPair(), await newPair()];
    await putLetters(queues, first, "a", ["of-first"]);
    await putLetters(queues, second, "a", ["of-second"]);
    const { result } = await redrive([first, second]);
    expect(result).toMatchObject({ done: 2, seen: 2, ...nothingLeftOut });
    expect(await inQueue(first)).toEqual(["of-first"]);
    expect(await inQueue(second)).toEqual(["of-second"]);
  });

  test("may be none: nothing is done", async () => {
    const { result } = await redrive([await newPair()]);
    expect(result).toMatchObject({ done: 0, seen: 0, ...nothingLeftOut });
  });
});

describe("the order of a message group", () => {
  test("is kept, also where groups alternate", async () => {
    const pair = await newPair();
    for (const id of ["a1", "b1", "a2", "c1", "b2", "a3", "a4", "b3"]) {
      await putLetters(queues, pair, id.slice(0, 1), [id]);
    }
    await redrive([pair]);
    const ids = await inQueue(pair);
    expect(ids).toHaveLength(8);
    for (const [group, expected] of [
      ["a", ["a1", "a2", "a3", "a4"]],
      ["b", ["b1", "b2", "b3"]],
    ] as const) {
      expect(ids.filter((id) => id.startsWith(group))).toEqual(expected);
    }
  });

  test("is kept for more than ten letters of one group, and all of them are redriven", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", numbered(23));
    const { result } = await redrive([pair]);
    expect(result).toMatchObject({ done: 23, seen: 23, ...nothingLeftOut });
    expect(await inQueue(pair)).toEqual(numbered(23));
    expect(await leftBehind(pair)).toEqual([]);
  });
});

describe("a dry run", () => {
  test("counts and changes nothing", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1", "a2"]);
    await putLetters(queues, pair, "b", ["b1"]);
    const { result, calls } = await redrive([pair], { dryRun: true });

    expect(result).toMatchObject({ done: 3, seen: 3, ...nothingLeftOut });
    const operations = calls.map(({ operation }) => operation);
    expect(operations).not.toContain("SendMessage");
    expect(operations).not.toContain("DeleteMessage");
    expect(await inQueue(pair)).toEqual([]);
    expect(await leftBehind(pair)).toEqual(["a1", "a2", "b1"]);
  });

  test("says of what it cannot see how many they are", async () => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", numbered(12));
    const { result } = await redrive([pair], { dryRun: true });
    expect(result).toMatchObject({ done: 10, seen: 10, ...nothingLeftOut, notSeen: 2 });
    expect(await leftBehind(pair)).toEqual(numbered(12));
  });
});

describe("a filter", () => {
  test.each<[string, DeadLetterFilter, readonly string[]]>([
    ["reason", { reason: "invalid" }, ["b1"]],
    ["type", { type: "onboarding.invitation.revoke" }, ["a2"]],
    ["organization", { organizationId: "globex" }, ["c1"]],
    ["event id", { eventId: "a1" }, ["a1"]],
    ["age at least", { olderThanSeconds: 86_400 }, ["c1"]],
    ["age at most", { newerThanSeconds: 86_400 }, ["a1", "a2", "b1"]],
  ])("by %s redrives those, and leaves the others for all to see", async (_, filter, wanted) => {
    const pair = await newPair();
    const type = "onboarding.invitation.revoke";
    const data = { organizationId: "globex" };
    await putLetter(queues, pair, { group: "a", body: createEvent({ id: "a1" }) });
    await putLetter(queues, pair, { group: "a", body: createEvent({ id: "a2", type }) });
    const attributes = { reason: "invalid" };
    await putLetter(queues, pair, { group: "b", body: createEvent({ id: "b1" }), attributes });
    const ageMs = 2 * 86_400_000;
    await putLetter(queues, pair, { group: "c", body: createEvent({ id: "c1", data }), ageMs });

    const { result } = await redrive([pair], { filter });
    expect(result).toMatchObject({ done: wanted.length, seen: 4, ...nothingLeftOut });
    expect(await inQueue(pair)).toEqual(wanted);
    const others = ["a1", "a2", "b1", "c1"].filter((id) => !wanted.includes(id));
    expect(await leftBehind(pair)).toEqual(others);
  });
});

describe("a letter that writes the whole state of a role", () => {
  const changes = [
    ["r1", "replace", "admin"],
    ["s1", "sync", "editor"],
    ["r2", "replace", "admin"],
    ["a1", "assign", "admin"],
    ["d1", "remove", "admin"],
  ] as const;
  const filled = async () => {
    const pair = await newPair();
    for (const [id, change, role] of changes) {
      await putLetter(queues, pair, { group: id, body: roleScopesEvent(id, change, role) });
    }
    await putLetter(queues, pair, { group: "i1", body: createEvent({ id: "i1" }) });
    return pair;
  };
  const leftOut = { leftOut: 3, leftOutRoles: ["admin", "editor"], notSeen: 0 };

  test("is left out, counted, and its role named once", async () => {
    const pair = await filled();
    const { result } = await redrive([pair]);
    expect(result).toMatchObject({ done: 3, seen: 6, ...leftOut });
    expect(await inQueue(pair)).toEqual(["a1", "d1", "i1"]);
    expect(await leftBehind(pair)).toEqual(["r1", "s1", "r2"]);
  });

  test("is left out by a dry run in the same way", async () => {
    const { result } = await redrive([await filled()], { dryRun: true });
    expect(result).toMatchObject({ done: 3, seen: 6, ...leftOut });
  });

  test("is redriven where that is said", async () => {
    const pair = await filled();
    const { result } = await redrive([pair], { wholeState: true });
    expect(result).toMatchObject({ done: 6, seen: 6, ...nothingLeftOut });
    expect(await leftBehind(pair)).toEqual([]);
  });

  test("is not counted as left out where the filter does not mean it", async () => {
    const filter = { type: "onboarding.invitation.create" };
    const { result } = await redrive([await filled()], { filter });
    expect(result).toMatchObject({ done: 1, seen: 6, ...nothingLeftOut });
  });
});

describe("a letter whose reason lies in the message itself", () => {
  const filled = async () => {
    const pair = await newPair();
    for (const reason of ["invalid-data", "unavailable"]) {
      const body = createEvent({ id: reason });
      await putLetter(queues, pair, { group: reason, body, attributes: { reason } });
    }
    return pair;
  };

  test("is left out and counted, as it would come back", async () => {
    const pair = await filled();
    const { result } = await redrive([pair]);
    expect(result).toMatchObject({ done: 1, hopeless: 1, reasons: { unavailable: 1 } });
    expect(await inQueue(pair)).toEqual(["unavailable"]);
    expect(await leftBehind(pair)).toEqual(["invalid-data"]);
  });

  test.each([[{ reason: "invalid-data" }], [{ eventId: "invalid-data" }]])(
    "is redriven where it is named: %j",
    async (filter) => {
      const pair = await filled();
      const { result } = await redrive([pair], { filter });
      expect(result).toMatchObject({ done: 1, hopeless: 0 });
      expect(await inQueue(pair)).toEqual(["invalid-data"]);
    },
  );
});

describe("the rate", () => {
  test.each([
    [1000, 31],
    [1, 36],
    [0.01, 630],
    [0.000001, 43_200],
  ])("of %d letters a second holds three letters for %d seconds", async (perSecond, seconds) => {
    const pair = await newPair();
    await putLetters(queues, pair, "a", ["a1", "a2", "a3"]);
    const { calls } = await redrive([pair], { perSecond, dryRun: true });
    const [receive] = calls.filter(({ operation }) => operation === "ReceiveMessage");
    expect(receive?.input["VisibilityTimeout"]).toBe(seconds);
  });
});

test("progress is told after each batch, up to all that was done and looked at", async () => {
  const pair = await newPair();
  await putLetters(queues, pair, "a", numbered(11));
  await putLetter(queues, pair, { group: "b", attributes: { reason: "invalid" } });
  const told: { done: number; seen: number }[] = [];
  await redrive([pair], {
    filter: { reason: "invitation-expired" },
    onProgress: (progress) => told.push(progress),
  });
  expect(told.length).toBeGreaterThan(1);
  expect(told.at(-1)).toMatchObject({ done: 11, seen: 12 });
  expect(told).toEqual(told.toSorted((a, b) => a.seen - b.seen));
});

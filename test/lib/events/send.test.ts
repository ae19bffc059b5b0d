import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { EventMessage } from "../../../lib/events/message.ts";
import { sendMessages } from "../../../lib/events/send.ts";
import { type Decision, startFailingQueue } from "../../support/failing-queue.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { type SqsCall, startSqsProxy, type Verdict } from "../../support/sqs-proxy.ts";

let queues: Queues;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.stop());

const message = (id: string, groupId: string, queue: EventMessage["queue"] = "invitations") => ({
  eventId: id,
  eventType: "onboarding.invitation.create",
  queue,
  body: id,
  groupId,
  deduplicationId: id,
});

const messages = (count: number): readonly EventMessage[] =>
  Array.from({ length: count }, (_, index) => message(`event-${index}`, `group-${index}`));

const batchSchema = v.object({
  QueueUrl: v.string(),
  Entries: v.array(v.object({ MessageBody: v.string(), MessageGroupId: v.string() })),
});

const entriesOf = ({ input }: SqsCall) => v.parse(batchSchema, input).Entries;

/**
 * A proxy that notes which groups are under way together, and lets other calls overtake.
 *
 * @param together the first calls wait for each other until there are so many.
 */
async function startWatched(together = 1) {
  const underWay = new Map<number, ReadonlySet<string>>();
  const overlaps: string[] = [];
  let mostAtOnce = 0;
  const gathered = Promise.withResolvers<void>();
  const proxy = await startSqsProxy(queues.standIn.endpoint, {
    before: async (call): Promise<Verdict> => {
      const groups = new Set(entriesOf(call).map(({ MessageGroupId }) => MessageGroupId));
      for (const others of underWay.values()) {
        overlaps.push(...[...groups].filter((group) => others.has(group)));
      }
      underWay.set(call.number, groups);
      mostAtOnce = Math.max(mostAtOnce, underWay.size);
      if (underWay.size >= together) gathered.resolve();
      await gathered.promise;
      // Every second call is slow, so that the next ones come first.
      await wait(call.number % 2 === 0 ? 0 : 10);
      return "pass";
    },
    after: ({ number }) => {
      underWay.delete(number);
    },
  });
  return { ...proxy, overlaps, mostAtOnce: () => mostAtOnce };
}

describe("several calls at once", () => {
  test("are as many as asked for, and everything arrives once", async () => {
    const url = await queues.create("at-once.fifo");
    const proxy = await startWatched(4);
    onTestFinished(proxy.stop);
    const taken: string[] = [];
    await sendMessages(proxy.sqs, url, messages(200), {
      concurrency: 4,
      onTaken: ({ eventId }) => taken.push(eventId),
    });

    expect(proxy.mostAtOnce()).toBe(4);
    expect(proxy.calls).toHaveLength(20);
    const ids = messages(200).map(({ eventId }) => eventId);
    expect(taken.toSorted()).toEqual(ids.toSorted());
    expect((await queues.drain(url)).map(({ Body }) => Body).toSorted()).toEqual(ids.toSorted());
  });

  test("never hold two messages of one group, whose order stays, whatever the groups", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        async (groups, concurrency) => {
          run += 1;
          const url = await queues.create(`groups-${run}.fifo`);
          const proxy = await startWatched();
          const sent = groups.map((group, index) => message(`${index}`, `group-${group}`));
          await sendMessages(proxy.sqs, url, sent, { concurrency });
          await proxy.stop();

          expect(proxy.overlaps).toEqual([]);
          const received = await queues.drain(url);
          for (const group of new Set(groups)) {
            const ofGroup = ({ groupId }: EventMessage) => groupId === `group-${group}`;
            expect(
              received
                .filter(({ Attributes }) => Attributes?.MessageGroupId === `group-${group}`)
                .map(({ Body }) => Body),
            ).toEqual(sent.filter(ofGroup).map(({ body }) => body));
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test("go to each message's own queue", async () => {
    const invitations = await queues.create("own-invitations.fifo");
    const roleScopes = await queues.create("own-role-scopes.fifo");
    const both = Array.from({ length: 30 }, (_, index) =>
      message(`${index}`, `group-${index}`, index % 3 === 0 ? "role-scopes" : "invitations"),
    );
    await sendMessages(queues.sqs, { invitations, "role-scopes": roleScopes }, both, {
      concurrency: 3,
    });
    const expected = (queue: string) =>
      both.filter((sent) => sent.queue === queue).map(({ body }) => body);
    const bodies = async (url: string) => (await queues.drain(url)).map(({ Body }) => Body);
    expect((await bodies(invitations)).toSorted()).toEqual(expected("invitations").toSorted());
    expect((await bodies(roleScopes)).toSorted()).toEqual(expected("role-scopes").toSorted());
  });

  test("need the URL of every queue that a message is for", async () => {
    const invitations = await queues.create("one-url.fifo");
    const both = [message("a", "a"), message("b", "b", "role-scopes")];
    await expect(sendMessages(queues.sqs, { invitations }, both)).rejects.toThrow(
      "The queue role-scopes has no URL",
    );
  });
});

describe("a stream of messages", () => {
  /** Counts how far it was read, and whether it was closed. */
  function stream(items: readonly EventMessage[]) {
    const seen = { read: 0, isClosed: false };
    async function* read() {
      try {
        for (const item of items) {
          seen.read += 1;
          yield item;
        }
      } finally {
        seen.isClosed = true;
      }
    }
    return { seen, items: read() };
  }

  const start = async (decide: (body: string, attempt: number) => Decision) => {
    const queue = await startFailingQueue(decide);
    onTestFinished(queue.stop);
    return queue;
  };

  test("is read no further than a few calls ahead of what is in the queue", async () => {
    const source = stream(messages(500));
    let furthest = 0;
    const queue = await start(() => {
      furthest = Math.max(furthest, source.seen.read - queue.taken.length);
      return "taken";
    });
    await sendMessages(queue.sqs, queue.url, source.items, { concurrency: 2 });
    expect(queue.taken).toHaveLength(500);
    expect(furthest).toBeLessThanOrEqual(60);
  });

  test("is sent while it comes: a message does not wait for the next", async () => {
    const sent = Promise.withResolvers<void>();
    async function* slow() {
      yield message("first", "first");
      // Had the first one to wait for this one, neither would ever be sent.
      await sent.promise;
      yield message("second", "second");
    }
    const queue = await start((body) => {
      if (body === "first") sent.resolve();
      return "taken";
    });
    await sendMessages(queue.sqs, queue.url, slow(), { concurrency: 4 });
    expect(queue.calls).toEqual([["first"], ["second"]]);
  });

  test("ends when it is told to: calls under way are finished, nothing more is read", async () => {
    const source = stream(messages(500));
    const controller = new AbortController();
    const queue = await start((body) => {
      if (body === "event-95") controller.abort();
      return "taken";
    });
    const taken: string[] = [];
    await sendMessages(queue.sqs, queue.url, source.items, {
      concurrency: 2,
      signal: controller.signal,
      onTaken: ({ body }) => taken.push(body),
    });
    expect(taken).toEqual(queue.taken);
    expect(taken.length).toBeLessThanOrEqual(120);
    expect(source.seen).toEqual({ read: expect.any(Number), isClosed: true });
    expect(source.seen.read).toBeLessThan(200);
  });

  test("ends with SQS's refusal, after the other calls under way, and is closed", async () => {
    const source = stream(messages(500));
    const queue = await start((body) =>
      body === "event-42" ? { code: "ServiceUnavailable" } : "taken",
    );
    const taken: string[] = [];
    await expect(
      sendMessages(queue.sqs, queue.url, source.items, {
        concurrency: 3,
        onTaken: ({ body }) => taken.push(body),
      }),
    ).rejects.toMatchObject({ name: "RefusedMessageError", code: "ServiceUnavailable" });
    expect(taken.toSorted()).toEqual([...queue.taken].toSorted());
    expect(source.seen.isClosed).toBe(true);
  });

  test("ends with what reading it threw, after the calls under way", async () => {
    const queue = await start(() => "taken");
    const taken: string[] = [];
    async function* broken() {
      yield* messages(45);
      throw new Error("the file broke");
    }
    await expect(
      sendMessages(queue.sqs, queue.url, broken(), {
        concurrency: 2,
        onTaken: ({ body }) => taken.push(body),
      }),
    ).rejects.toThrow("the file broke");
    expect(taken).toEqual(queue.taken);
  });

  test("of messages that SQS answers nothing of is not taken for sent", async () => {
    const queue = await start((body) => (body === "event-1" ? "forgotten" : "taken"));
    await expect(sendMessages(queue.sqs, queue.url, messages(3))).rejects.toMatchObject({
      name: "RefusedMessageError",
    });
    expect(queue.taken).toEqual(["event-0", "event-2"]);
  });
});

import * as v from "valibot";
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  onTestFinished,
  type TestContext,
  test,
} from "vitest";
import { type EventMessage, eventMessage } from "../../../lib/events/message.ts";
import { PublishError, publishEvents } from "../../../lib/events/publish.ts";
import { createAwsClients } from "../../../local/aws/clients.ts";
import { createEvent } from "../../support/events.ts";
import { type Decision, startFailingQueue } from "../../support/failing-queue.ts";
import { NOTHING_LISTENS, type Queues, startQueues } from "../../support/queues.ts";
import { startSqsProxy } from "../../support/sqs-proxy.ts";

let queues: Queues;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.stop());

function messageOf(id: string, invitee: string): EventMessage {
  const made = eventMessage(createEvent({ id, data: { invitee } }), Date.now());
  return made.ok ? made.message : expect.fail(JSON.stringify(made.problems));
}

/** Events of as many invitees, or all of one. */
const events = (count: number, invitee?: string): readonly EventMessage[] =>
  Array.from({ length: count }, (_, index) =>
    messageOf(`event-${index}`, invitee ?? `invitee-${index}@example.com`),
  );

const bodies = (messages: readonly EventMessage[]) => messages.map(({ body }) => body);

describe("events on their way into a queue", () => {
  test("arrive in order, with their group, however many calls it takes", async () => {
    const url = await queues.create("in-order.fifo");
    const messages = events(23, "ada@example.com");
    const ids = await publishEvents(queues.sqs, url, messages);

    const received = await queues.drain(url);
    expect(received.map(({ Body }) => Body)).toEqual(bodies(messages));
    expect(received.map(({ MessageId }) => MessageId)).toEqual(ids);
    expect(new Set(received.map(({ Attributes }) => Attributes?.MessageGroupId))).toEqual(
      new Set([messages[0]?.groupId]),
    );
  });

  test("are not there twice when they are published again, and keep their message ids", async () => {
    const url = await queues.create("again.fifo");
    const messages = events(12);
    const first = await publishEvents(queues.sqs, url, messages);
    const second = await publishEvents(queues.sqs, url, messages);

    expect(second).toEqual(first);
    expect(await queues.drain(url)).toHaveLength(12);
  });

  test("that are the same within one call are there once", async () => {
    const url = await queues.create("twice-in-a-call.fifo");
    const message = messageOf("event-1", "ada@example.com");
    const [first, second] = await publishEvents(queues.sqs, url, [message, message]);

    expect(second).toBe(first);
    expect(await queues.drain(url)).toHaveLength(1);
  });

  test("arrive letter by letter, emoji among them", async () => {
    const url = await queues.create("emoji.fifo");
    const event = createEvent({ data: { message: { team: "Ünïcödé 漢字 🎉" } } });
    const made = eventMessage(event, Date.now());
    const message = made.ok ? made.message : expect.fail(JSON.stringify(made.problems));
    await publishEvents(queues.sqs, url, [message]);
    expect((await queues.drain(url)).map(({ Body }) => Body)).toEqual([message.body]);
  });

  test("may be none: nothing is asked of SQS", async () => {
    expect(await publishEvents(queues.sqs, "http://127.0.0.1:9/0/none.fifo", [])).toEqual([]);
  });
});

describe.concurrent("events that SQS does not take at once", () => {
  const refused = { code: "ServiceUnavailable" } as const;

  const publish = async (
    { onTestFinished }: Pick<TestContext, "onTestFinished">,
    messages: readonly EventMessage[],
    decide: (index: number, attempt: number) => Decision,
  ) => {
    const queue = await startFailingQueue((body, attempt) =>
      decide(bodies(messages).indexOf(body), attempt),
    );
    onTestFinished(queue.stop);
    return { queue, publishing: publishEvents(queue.sqs, queue.url, messages) };
  };

  test("are sent again, only they, and the ids come back in the order of the events", async (context) => {
    const messages = events(4);
    const { queue, publishing } = await publish(context, messages, (index, attempt) =>
      index % 2 === 0 && attempt < 3 ? refused : "taken",
    );

    expect(await publishing).toEqual(bodies(messages).map((body) => `id of ${body}`));
    const left = bodies(messages).filter((_, index) => index % 2 === 0);
    expect(queue.calls).toEqual([bodies(messages), left, left]);
  });

  test("go before the next ten", async (context) => {
    const messages = events(11, "ada@example.com");
    const { queue, publishing } = await publish(context, messages, (index, attempt) =>
      index === 9 && attempt < 4 ? refused : "taken",
    );
    await publishing;
    expect(queue.taken).toEqual(bodies(messages));
  });

  test("go before those after them in their group", async (context) => {
    const messages = events(3, "ada@example.com");
    const { queue, publishing } = await publish(context, messages, (index, attempt) =>
      index === 0 && attempt === 1 ? refused : "taken",
    );
    await publishing;
    expect(queue.taken).toEqual(bodies(messages));
  });

  test("are given up after a while, with their ids and SQS's code, and without their contents", async (context) => {
    const messages = events(3);
    const { publishing } = await publish(context, messages, (index) =>
      index === 1 ? refused : "taken",
    );

    await expect(publishing).rejects.toBeInstanceOf(PublishError);
    await expect(publishing).rejects.toMatchObject({
      eventIds: ["event-1"],
      message:
        "SQS did not take 1 of 3 events (ServiceUnavailable): publish them again, which repeats nothing.",
    });
  });

  test("end the publishing, and the events behind them that were not sent are named as well", async (context) => {
    const messages = events(25);
    const { queue, publishing } = await publish(context, messages, (index) =>
      index === 12 ? refused : "taken",
    );

    const notSent = ["event-12", ...messages.slice(20).map(({ eventId }) => eventId)];
    await expect(publishing).rejects.toMatchObject({ eventIds: notSent });
    expect(queue.taken).toHaveLength(19);
  });
});

describe("a call that SQS does not answer", () => {
  test("is a PublishError that names the events", async () => {
    const { sqs, destroy } = createAwsClients({ endpoint: NOTHING_LISTENS, region: "us-east-1" });
    const url = `${NOTHING_LISTENS}/000000000000/gone.fifo`;
    await expect(publishEvents(sqs, url, events(2))).rejects.toMatchObject({
      name: "PublishError",
      eventIds: ["event-0", "event-1"],
    });
    destroy();
  });

  test("for a queue that does not exist is a PublishError that names the events", async () => {
    const url = `${queues.standIn.endpoint}/000000000000/missing.fifo`;
    await expect(publishEvents(queues.sqs, url, events(2))).rejects.toMatchObject({
      name: "PublishError",
      eventIds: ["event-0", "event-1"],
      message: expect.stringMatching(/^SQS did not take 2 of 2 events \(QueueDoesNotExist\): /),
    });
  });
});

describe("the calls of publishing", () => {
  /** What each call to SQS had in it. */
  const entriesOfCalls = async (
    name: string,
    messages: readonly EventMessage[],
  ): Promise<readonly (readonly Entry[])[]> => {
    const url = await queues.create(name);
    const proxy = await startSqsProxy(queues.standIn.endpoint);
    onTestFinished(proxy.stop);
    await publishEvents(proxy.sqs, url, messages);
    expect(await queues.drain(url)).toHaveLength(messages.length);
    return proxy.calls.map(({ input }) => v.parse(batchSchema, input).Entries);
  };

  test("have at most ten events each, of different groups as many", async () => {
    const calls = await entriesOfCalls("tens.fifo", events(23));
    expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
  });

  test("never have two events of one group, whose order stays", async () => {
    const invitees = ["ada", "ada", "grace", "ada", "linus", "grace"];
    const messages = invitees.map((name, index) =>
      messageOf(`event-${index}`, `${name}@example.com`),
    );
    const calls = await entriesOfCalls("groups.fifo", messages);
    for (const entries of calls) {
      expect(new Set(entries.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(
        entries.length,
      );
    }
    const sent = calls.flat();
    for (const groupId of new Set(messages.map((message) => message.groupId))) {
      expect(
        sent.filter((entry) => entry.MessageGroupId === groupId).map((entry) => entry.MessageBody),
      ).toEqual(bodies(messages.filter((message) => message.groupId === groupId)));
    }
  });

  test("have no more bytes than SQS takes, also of ten large events", async () => {
    const text = "ü".repeat(2_000);
    const message = Object.fromEntries(Array.from({ length: 40 }, (_, name) => [`v${name}`, text]));
    const messages = Array.from({ length: 10 }, (_, index) => {
      const data = { invitee: `invitee-${index}@example.com`, message };
      const made = eventMessage(createEvent({ id: `event-${index}`, data }), 0);
      return made.ok ? made.message : expect.fail(JSON.stringify(made.problems));
    });
    const calls = await entriesOfCalls("large.fifo", messages);
    expect(calls.length).toBeGreaterThan(1);
    for (const entries of calls) {
      const bytes = entries.map(({ MessageBody }) => Buffer.byteLength(MessageBody));
      expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(262_144);
    }
  });
});

const batchSchema = v.object({
  Entries: v.array(v.object({ MessageBody: v.string(), MessageGroupId: v.string() })),
});
type Entry = v.InferOutput<typeof batchSchema>["Entries"][number];

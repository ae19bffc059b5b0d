import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type EventMessage, eventMessage } from "../../../lib/events/message.ts";
import { PublishError, publishEvents } from "../../../lib/events/publish.ts";
import { createAwsClients } from "../../../local/aws/clients.ts";
import { createEvent } from "../../support/events.ts";
import {
  type Decision,
  type FailingQueue,
  startFailingQueue,
} from "../../support/failing-queue.ts";
import { NOTHING_LISTENS, type Queues, startQueues } from "../../support/queues.ts";

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

describe("events that SQS does not take at once", () => {
  let queue: FailingQueue;
  afterEach(() => queue.stop());

  const publish = async (
    messages: readonly EventMessage[],
    decide: (index: number, attempt: number) => Decision,
  ) => {
    queue = await startFailingQueue((body, attempt) =>
      decide(bodies(messages).indexOf(body), attempt),
    );
    return publishEvents(queue.sqs, queue.url, messages);
  };
  const refused = { code: "ServiceUnavailable" } as const;

  test("are sent again, only they, and the ids come back in the order of the events", async () => {
    const messages = events(4);
    const ids = await publish(messages, (index, attempt) =>
      index % 2 === 0 && attempt < 3 ? refused : "taken",
    );

    expect(ids).toEqual(bodies(messages).map((body) => `id of ${body}`));
    const left = bodies(messages).filter((_, index) => index % 2 === 0);
    expect(queue.calls).toEqual([bodies(messages), left, left]);
  });

  test("go before the next ten", async () => {
    const messages = events(11, "ada@example.com");
    await publish(messages, (index, attempt) => (index === 9 && attempt < 4 ? refused : "taken"));
    expect(queue.taken).toEqual(bodies(messages));
  });

  test("go before those after them in their group that were in the same call", async () => {
    const messages = events(3, "ada@example.com");
    await publish(messages, (index, attempt) => (index === 0 && attempt === 1 ? refused : "taken"));
    expect(queue.taken).toEqual(bodies(messages));
  });

  test("are given up after a while, with their ids and SQS's code, and without their contents", async () => {
    const messages = events(3);
    const failure = publish(messages, (index) => (index === 1 ? refused : "taken"));

    await expect(failure).rejects.toBeInstanceOf(PublishError);
    await expect(failure).rejects.toMatchObject({
      eventIds: ["event-1"],
      message: expect.stringMatching(/^SQS did not take 1 of 3 events \(ServiceUnavailable\)/),
    });
    await expect(failure).rejects.not.toThrow("example.com");
  });

  test("end the publishing, and the events behind them that were not sent are named as well", async () => {
    const messages = events(25);
    const failure = publish(messages, (index) => (index === 12 ? refused : "taken"));

    const notSent = ["event-12", ...messages.slice(20).map(({ eventId }) => eventId)];
    await expect(failure).rejects.toMatchObject({ eventIds: notSent });
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
    });
  });
});

test("ten large events, together too much for one call of SQS, all arrive", async () => {
  const url = await queues.create("large.fifo");
  const messages = Array.from({ length: 10 }, (_, index) => {
    const text = "ü".repeat(2_000);
    const message = Object.fromEntries(Array.from({ length: 40 }, (_, name) => [`v${name}`, text]));
    const made = eventMessage(createEvent({ id: `event-${index}`, data: { message } }), 0);
    return made.ok ? made.message : expect.fail(JSON.stringify(made.problems));
  });
  await publishEvents(queues.sqs, url, messages);
  expect(await queues.drain(url)).toHaveLength(10);
});

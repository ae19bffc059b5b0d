import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { announcing } from "../../../lib/queue/announcing.ts";
import { type BatchWork, processBatch } from "../../../lib/queue/batch.ts";
import { SettingsError, settingsReader } from "../../../lib/runtime/settings.ts";
import { batchWork, done, reject, retry } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { type RecordFields, SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const deadline = { startBefore: SENT_AT + 10_000, endBy: SENT_AT + 15_000 };
const WARNING = "a message's outcome could not be announced";
const NO_TOPIC = "arn:aws:sns:us-east-1:000000000000:nobody-made-it";
const BUS = "arn:aws:events:us-east-1:000000000000:event-bus/onboarding";

/** A CloudEvent as it is told, as far as the tests look into it. */
const toldEvent = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ id: v.string(), type: v.string(), causationid: v.string() }),
);
const putEvents = v.object({
  Entries: v.array(v.looseObject({ DetailType: v.string(), Detail: v.string() })),
});

type Put = v.InferOutput<typeof putEvents>["Entries"][number];
type BusMood = "takes" | "refuses" | "silent" | "drops";

/** An event bus that notes what is put on it, and takes it or not. */
async function startEventBus() {
  const bus: { mood: BusMood; puts: Put[] } = { mood: "takes", puts: [] };
  const answer = (response: ServerResponse, entries: readonly Put[]) => {
    if (bus.mood === "silent") return;
    if (bus.mood === "drops") {
      response.destroy();
      return;
    }
    const refused = bus.mood === "refuses";
    const result = refused ? { ErrorCode: "InternalFailure" } : { EventId: "an-id" };
    const FailedEntryCount = refused ? entries.length : 0;
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify({ FailedEntryCount, Entries: entries.map(() => result) }));
  };
  const server = createServer(async (request, response) => {
    const { Entries } = v.parse(putEvents, await json(request));
    bus.puts.push(...Entries);
    answer(response, Entries);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { bus, endpoint: `http://127.0.0.1:${port}`, stop };
}

let queues: Queues;
let sns: SNSClient;
let events: Awaited<ReturnType<typeof startEventBus>>;

beforeAll(async () => {
  queues = await startQueues();
  events = await startEventBus();
  // Before the SDK's clients are made, which is when the first outcome is announced.
  const environment = { ...queues.environment, AWS_ENDPOINT_URL_EVENTBRIDGE: events.endpoint };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  sns = new SNSClient({});
});
beforeEach(() => {
  events.bus.mood = "takes";
  events.bus.puts.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  sns.destroy();
  await events.stop();
  await queues.stop();
});

/** A topic, and a queue that gets what is published on it as it is. */
async function startTopic(name: string): Promise<{ topicArn: string; queueUrl: string }> {
  const fifo = name.endsWith(".fifo") ? { FifoTopic: "true" } : {};
  const topic = await sns.send(new CreateTopicCommand({ Name: name, Attributes: fifo }));
  const queueUrl = await queues.create(`of-${name}`);
  const { Attributes } = await queues.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic.TopicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  return { topicArn: topic.TopicArn ?? "", queueUrl };
}

/** Works through a batch with the announcements that the settings ask for. */
async function run(
  settings: Readonly<Record<string, string>>,
  records: readonly RecordFields[],
  parts: Partial<BatchWork> = {},
) {
  const { work, log } = batchWork({ ...announcing(settingsReader(settings)), ...parts });
  const response = await processBatch(records.map(sqsRecord), work, deadline);
  return { log, back: response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const putIds = () => events.bus.puts.map(({ Detail }) => v.parse(toldEvent, Detail).id);

describe("outcomes", () => {
  test.each([{}, { OUTCOME_TOPIC_ARN: "", OUTCOME_EVENT_BUS: "" }, { OUTCOME_EVENT_BUS: " " }])(
    "are not announced unless a setting says where: %j",
    (settings) => {
      expect(announcing(settingsReader(settings))).toEqual({});
    },
  );

  test.each(["outcomes", "arn:aws:sns", "arn:aws:sqs:us-east-1:000000000000:q", "https://sns.aws"])(
    "are not announced to what is no topic: %s",
    (OUTCOME_TOPIC_ARN) => {
      const settings = settingsReader({ OUTCOME_TOPIC_ARN, OUTCOME_EVENT_BUS: BUS });

      expect(() => announcing(settings)).toThrow(SettingsError);
      expect(() => announcing(settings)).toThrow(
        "OUTCOME_TOPIC_ARN cannot be used: set it to the ARN of an SNS topic.",
      );
    },
  );
});

describe("a topic", () => {
  test("is told how each message ended, with the type to filter by", async () => {
    const { topicArn, queueUrl } = await startTopic("outcomes");
    const { log } = await run(
      { OUTCOME_TOPIC_ARN: topicArn },
      [{ messageId: "m1" }, { messageId: "m2", body: createEvent({ id: "event-2" }) }],
      { handle: async ({ message }) => (message.messageId === "m1" ? done : reject) },
    );

    const told = await queues.drain(queueUrl);
    expect(told.map(({ Body }) => v.parse(toldEvent, Body))).toMatchObject([
      { type: "onboarding.outcome.done", causationid: "event-1" },
      { type: "onboarding.outcome.rejected", causationid: "event-2" },
    ]);
    expect(told.map(({ MessageAttributes }) => MessageAttributes?.["type"]?.StringValue)).toEqual([
      "onboarding.outcome.done",
      "onboarding.outcome.rejected",
    ]);
    expect(log.warnings).toEqual([]);
  });

  test("that is FIFO is told in the order of the group, and once", async () => {
    const { topicArn, queueUrl } = await startTopic("outcomes.fifo");
    const records = ["m1", "m2"].map((messageId) => ({ messageId, group: "group-7" }));
    for (const _time of ["first", "again"]) await run({ OUTCOME_TOPIC_ARN: topicArn }, records);

    const told = await queues.drain(queueUrl);
    expect(told.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual([
      "group-7",
      "group-7",
    ]);
    const ids = told.map(({ Body }) => v.parse(toldEvent, Body).id);
    expect(told.map(({ Attributes }) => Attributes?.MessageDeduplicationId)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("an event bus", () => {
  const settings = { OUTCOME_EVENT_BUS: BUS };

  test("is told how each message ended", async () => {
    const { log } = await run(settings, [{}]);

    expect(events.bus.puts).toEqual([
      {
        EventBusName: BUS,
        Source: "logto-onboarding",
        DetailType: "onboarding.outcome.done",
        Detail: expect.stringContaining('"specversion":"1.0"'),
      },
    ]);
    expect(log.warnings).toEqual([]);
  });

  test("is told beside a topic", async () => {
    const { topicArn, queueUrl } = await startTopic("beside");
    await run({ ...settings, OUTCOME_TOPIC_ARN: topicArn }, [{}]);

    const [told] = await queues.drain(queueUrl);
    expect(told?.Body).toBe(events.bus.puts[0]?.Detail);
  });

  test("is told the same id when the same message ends the same way again", async () => {
    await run(settings, [{ messageId: "m1" }]);
    await run(settings, [{ messageId: "m1", receiveCount: 2 }]);
    await run(settings, [{ messageId: "m2" }]);

    const [first, again, another] = putIds();
    expect(again).toBe(first);
    expect(another).not.toBe(first);
  });

  test("is not told of what is to come again, nor of what was not begun", async () => {
    const { back } = await run(settings, [{ messageId: "m1" }, { messageId: "m2" }], {
      handle: async () => retry,
    });

    expect(back).toEqual(["m1", "m2"]);
    expect(events.bus.puts).toEqual([]);
  });

  test("is not told of a reject that the dead letters have not taken", async () => {
    const { back } = await run(settings, [{ messageId: "m1" }], {
      handle: async () => reject,
      deadLetter: () => Promise.reject(new Error("SQS is down")),
    });

    expect(back).toEqual(["m1"]);
    expect(events.bus.puts).toEqual([]);
  });

  test("is told no invitee, link or token", async () => {
    const invitee = "k4n4ry@example.com";
    const message = { link: "https://example.com/k4n4ry?token={oneTimeToken}" };
    await run(settings, [
      { messageId: "m1", body: createEvent({ data: { invitee, message, inviterId: "k4n4ry" } }) },
      { messageId: "m2", body: createEvent({ data: { invitee, [invitee]: "k4n4ry" } }) },
      { messageId: "m3", body: `k4n4ry, no JSON: ${invitee}` },
    ]);

    expect(events.bus.puts).toHaveLength(3);
    expect(JSON.stringify(events.bus.puts)).not.toContain("k4n4ry");
  });
});

describe("what could not be announced", () => {
  /** One message is done and one rejected, in two groups; both are told of as they would be anyhow. */
  async function expectNothingChanged(settings: Readonly<Record<string, string>>) {
    const { log, back } = await run(
      settings,
      [
        { messageId: "m1", group: "a" },
        { messageId: "m2", group: "b" },
      ],
      { handle: async ({ message }) => (message.messageId === "m1" ? done : reject) },
    );
    expect(back).toEqual([]);
    expect(log.handled).toEqual(["m1", "m2"]);
    expect(log.reports.map(({ outcome }) => outcome)).toEqual([done, reject]);
    expect(log.deadLetters).toHaveLength(1);
    expect(log.delays).toEqual([]);
    expect(log.warnings).toEqual([WARNING, WARNING]);
  }

  test.each<BusMood>(["refuses", "silent", "drops"])(
    "changes no outcome, repeats no work and is warned about once: the bus %s",
    async (mood) => {
      events.bus.mood = mood;
      await expectNothingChanged({ OUTCOME_EVENT_BUS: "onboarding" });
    },
  );

  test("is no different for a topic that is not there", async () => {
    await expectNothingChanged({ OUTCOME_TOPIC_ARN: NO_TOPIC });
  });

  test("does not hold up its group: what is done is taken out of the queue", async () => {
    events.bus.mood = "refuses";
    const { log, back } = await run({ OUTCOME_EVENT_BUS: "onboarding" }, [
      { messageId: "m1" },
      { messageId: "m2" },
    ]);

    expect(back).toEqual([]);
    expect(log.handled).toEqual(["m1", "m2"]);
    expect(log.acknowledged).toEqual(["m1"]);
    expect(log.warnings).toEqual([WARNING, WARNING]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QueuePair } from "../../lib/dead-letters/queue.ts";
import { type Container, startContainer } from "../../local/aws/container.ts";
import { createPair, eventIdsOf, peek, putLetter, putLetters } from "../support/dead-letters.ts";
import { awsEnvironment, type Queues, startQueues } from "../support/queues.ts";
import { type SqsProxy, startSqsProxy } from "../support/sqs-proxy.ts";

let queues: Queues;
let proxy: SqsProxy;
let pair: QueuePair;
let container: Container;

beforeAll(async () => {
  queues = await startQueues();
  proxy = await startSqsProxy(queues.standIn.endpoint);
  pair = await createPair(queues, "invitations");
  const roleScopes = await createPair(queues, "role-scopes");
  container = startContainer({
    handler: "functions/dead-letters.handler",
    environment: {
      ...awsEnvironment(proxy.endpoint),
      INVITATIONS_QUEUE_URL: proxy.urlOf(pair.queueUrl),
      INVITATIONS_DEAD_LETTER_QUEUE_URL: proxy.urlOf(pair.deadLetterQueueUrl),
      ROLE_SCOPES_QUEUE_URL: proxy.urlOf(roleScopes.queueUrl),
      ROLE_SCOPES_DEAD_LETTER_QUEUE_URL: proxy.urlOf(roleScopes.deadLetterQueueUrl),
    },
    timeoutSeconds: 900,
  });
});
afterAll(async () => {
  await container.stop();
  await proxy.stop();
  await queues.stop();
});

const left = async () => eventIdsOf(await peek(queues, pair.deadLetterQueueUrl));

describe("the dead letters by hand", () => {
  beforeAll(async () => {
    await putLetters(queues, pair, "a", ["a1", "a2"]);
    await putLetter(queues, pair, { group: "b", attributes: { reason: "invalid" } });
  });

  test("are listed", async () => {
    expect(await container.invoke({ action: "list" })).toMatchObject({
      groups: [
        { queue: "invitations", reason: "invitation-expired", count: 2, eventIds: ["a1", "a2"] },
        { queue: "invitations", reason: "invalid", count: 1, eventIds: ["event-1"] },
      ],
      notSeen: 0,
    });
  });

  test("are shown", async () => {
    expect(await container.invoke({ action: "show", id: "a2" })).toMatchObject([
      { queue: "invitations", reason: "invitation-expired", group: "a", event: { id: "a2" } },
    ]);
  });

  test.each([
    ["a misspelt option", { action: "redrive", dryrun: true }, "dryrun is not a known field"],
    ["a misspelt action", { action: "redrvie" }, "action must be"],
    ["no payload", null, "This is no command"],
  ])("are left alone by %s, which is an error", async (_, payload, words) => {
    await expect(container.invoke(payload)).rejects.toMatchObject({
      errorType: "InvalidCommandError",
      message: expect.stringContaining(words),
    });
    expect(await left()).toHaveLength(3);
  });

  test("are not redriven when there is no time for it", async () => {
    const command = { action: "redrive", perSecond: 1000 };
    const deadlineMs = Date.now() + 5_000;
    expect(await container.invoke(command, { deadlineMs })).toMatchObject({ done: 0, notSeen: 3 });
    expect(await left()).toHaveLength(3);
  });

  test("are redriven, and discarded", async () => {
    const filter = { reason: "invitation-expired", perSecond: 1000 };
    expect(await container.invoke({ action: "redrive", ...filter })).toMatchObject({ done: 2 });
    expect(eventIdsOf(await queues.drain(pair.queueUrl))).toEqual(["a1", "a2"]);
    expect(await container.invoke({ action: "discard", yes: true })).toMatchObject({ done: 1 });
    expect(await left()).toEqual([]);
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidCommandError, runDeadLetterCommand } from "../../../lib/dead-letters/command.ts";
import type { QueuePair } from "../../../lib/dead-letters/queue.ts";
import {
  createPair,
  eventIdsOf,
  peek,
  putLetter,
  putLetters,
  roleScopesEvent,
} from "../../support/dead-letters.ts";
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

async function filledPair(): Promise<QueuePair> {
  const pair = await createPair(queues, `command-${randomUUID()}`);
  await putLetters(queues, pair, "a", ["a1"]);
  await putLetter(queues, pair, { group: "b", ageMs: 72 * 3_600_000 });
  await putLetter(queues, pair, { group: "r", body: roleScopesEvent("r1", "sync", "admin") });
  return pair;
}
const run = (
  payload: unknown,
  pairs: readonly QueuePair[],
  signal = new AbortController().signal,
) => runDeadLetterCommand(payload, proxy.sqs, pairs, signal);
const left = async (pair: QueuePair) => eventIdsOf(await peek(queues, pair.deadLetterQueueUrl));

describe("a command on the dead letters", () => {
  test("lists them", async () => {
    const pair = await filledPair();
    expect(await run({ action: "list" }, [pair])).toMatchObject({
      groups: [{ queue: pair.name, reason: "invitation-expired", count: 3 }],
      notSeen: 0,
    });
    expect(await run({ action: "list", olderThan: "P2D" }, [pair])).toMatchObject({
      groups: [{ count: 1 }],
    });
    expect(
      await run({ action: "list", newerThan: "PT12H", type: "onboarding.invitation.revoke" }, [
        pair,
      ]),
    ).toMatchObject({
      groups: [],
    });
  });

  test("lists each of a person, with what it was told", async () => {
    const pair = await filledPair();
    const asked = { action: "list", invitee: "Ada@Example.com", all: true };
    expect(await run(asked, [pair])).toMatchObject({
      groups: [{ count: 2 }],
      letters: [{ reason: "invitation-expired" }, { eventId: "a1", organizationId: "acme" }],
    });
    expect(await run({ ...asked, invitee: "eve@example.com" }, [pair])).toMatchObject({
      letters: [],
      there: { reasons: { "invitation-expired": 3 } },
    });
  });

  test("refuses a reason or type that nothing has, and says which there are", async () => {
    const pair = await filledPair();
    for (const action of ["list", "redrive"]) {
      await expect(run({ action, reason: "invalid-dta" }, [pair])).rejects.toThrow(
        "There is no such reason, neither in this version nor in a dead letter that was looked at. There are: invitation-expired (3).",
      );
      await expect(run({ action, type: "x" }, [pair])).rejects.toBeInstanceOf(InvalidCommandError);
    }
    expect(await run({ action: "list", reason: "crashed" }, [pair])).toMatchObject({ groups: [] });
  });

  test("shows one", async () => {
    const pair = await filledPair();
    expect(await run({ action: "show", id: "a1" }, [pair])).toMatchObject([
      { queue: pair.name, reason: "invitation-expired", event: { id: "a1" } },
    ]);
  });

  test("redrives them, without those that write a whole state and not at all in a dry run", async () => {
    const pair = await filledPair();
    const command = { action: "redrive", perSecond: 1000 };
    const leftOut = { leftOut: 1, leftOutRoles: ["admin"] };
    expect(await run({ ...command, dryRun: true }, [pair])).toMatchObject({ done: 2, ...leftOut });
    expect(await left(pair)).toHaveLength(3);
    expect(await run({ ...command, eventId: "a1" }, [pair])).toMatchObject({ done: 1, leftOut: 0 });
    expect(await run(command, [pair])).toMatchObject({ done: 1, ...leftOut });
    expect(await left(pair)).toEqual(["r1"]);
    expect(await run({ ...command, wholeState: true }, [pair])).toMatchObject({ done: 1 });
    expect(await queues.drain(pair.queueUrl)).toHaveLength(3);
  });

  test("discards them where it says yes", async () => {
    const pair = await filledPair();
    const command = { action: "discard", eventId: "a1" };
    expect(await run({ ...command, dryRun: true }, [pair])).toMatchObject({ done: 1 });
    expect(await left(pair)).toHaveLength(3);
    expect(await run({ ...command, yes: true }, [pair])).toMatchObject({ done: 1, seen: 3 });
    expect(await left(pair)).toHaveLength(2);
  });

  test("ends with the time that is left for it", async () => {
    const pair = await filledPair();
    const command = { action: "redrive", perSecond: 1000 };
    expect(await run(command, [pair], AbortSignal.abort())).toMatchObject({ done: 0 });
    expect(await left(pair)).toHaveLength(3);
  });
});

describe("what is no command", () => {
  const refusal = async (payload: unknown): Promise<string> => {
    const pair = { name: "none", queueUrl: "unused", deadLetterQueueUrl: "unused" };
    const running = run(payload, [pair]);
    await expect(running).rejects.toBeInstanceOf(InvalidCommandError);
    return running.then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.message : ""),
    );
  };
  const sentence = (problem: string) =>
    `This is no command for the dead letters: ${problem}. ` +
    'Give { "action": "list" | "show" | "redrive" | "discard", … }.';

  test.each<[string, unknown, string]>([
    [
      "an option that does not exist",
      { action: "list", raeson: "x" },
      "raeson is not a known field",
    ],
    [
      "an option of another action",
      { action: "list", dryRun: true },
      "dryRun is not a known field",
    ],
    ["yes for a redrive", { action: "redrive", yes: true }, "yes is not a known field"],
    ["show without an id", { action: "show" }, "id is required"],
    ["a filter that is no text", { action: "list", reason: 7 }, "reason must be text"],
    [
      "a dry run that is text",
      { action: "redrive", dryRun: "yes" },
      "dryRun must be true or false",
    ],
    [
      "a duration that is none",
      { action: "list", olderThan: "3 days" },
      "olderThan must be an ISO 8601 duration such as PT12H",
    ],
    ["no rate at all", { action: "redrive", perSecond: 0 }, "perSecond must be at least 0.1"],
    ["too high a rate", { action: "redrive", perSecond: 1001 }, "perSecond must be at most 1000"],
    ["a rate that is text", { action: "redrive", perSecond: "10" }, "perSecond must be a number"],
  ])("is refused in a sentence that names it: %s", async (_, payload, problem) => {
    expect(await refusal(payload)).toBe(sentence(problem));
  });

  test.each([
    ["a misspelt action", { action: "discrad", yes: true }],
    ["no action", { dryRun: true }],
    ["an empty object", {}],
    ["null", null],
    ["text", "list"],
    ["a list", [{ action: "list" }]],
    ["nothing", undefined],
  ])("is refused and says what there is: %s", async (_, payload) => {
    const message = await refusal(payload);
    expect(message).toMatch(/^This is no command for the dead letters: .+\. Give \{ "action": /);
    expect(message).not.toContain("discrad");
  });

  test("discarding without yes is refused, whatever the filter, and nothing is deleted", async () => {
    const pair = await filledPair();
    for (const payload of [
      { action: "discard" },
      { action: "discard", reason: "invitation-expired" },
      { action: "discard", yes: false },
      { action: "discard", yes: false, dryRun: false },
    ]) {
      await expect(run(payload, [pair])).rejects.toThrow(
        'Discarding deletes for good: give "yes": true, or "dryRun": true to see what it would do.',
      );
      await expect(run(payload, [pair])).rejects.toBeInstanceOf(InvalidCommandError);
    }
    expect(await left(pair)).toHaveLength(3);
  });
});

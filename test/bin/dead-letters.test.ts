import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QueuePair } from "../../lib/dead-letters/queue.ts";
import { onboarding } from "../support/command-line.ts";
import {
  createPair,
  eventIdsOf,
  peek,
  putLetter,
  putLetters,
  roleScopesEvent,
  SENTENCE,
} from "../support/dead-letters.ts";
import { createEvent } from "../support/events.ts";
import { awsEnvironment, type Queues, startQueues } from "../support/queues.ts";
import { type SqsProxy, startSqsProxy } from "../support/sqs-proxy.ts";

let queues: Queues;
let proxy: SqsProxy;
let directory: string;
let roleScopes: QueuePair;
beforeAll(async () => {
  queues = await startQueues();
  roleScopes = await createPair(queues, "role-scopes");
  proxy = await startSqsProxy(queues.standIn.endpoint);
  directory = await mkdtemp(join(tmpdir(), "onboarding-dead-letters-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await proxy.stop();
  await queues.stop();
});

const environmentOf = (pair: QueuePair, through = proxy) => ({
  ...awsEnvironment(through.endpoint),
  INVITATIONS_QUEUE_URL: through.urlOf(pair.queueUrl),
  INVITATIONS_DEAD_LETTER_QUEUE_URL: through.urlOf(pair.deadLetterQueueUrl),
  ROLE_SCOPES_QUEUE_URL: through.urlOf(roleScopes.queueUrl),
  ROLE_SCOPES_DEAD_LETTER_QUEUE_URL: through.urlOf(roleScopes.deadLetterQueueUrl),
});
const run = (pair: QueuePair, parameters: readonly string[], where = directory) =>
  onboarding(["dead-letters", ...parameters], {
    environment: environmentOf(pair),
    directory: where,
  });
const left = async (pair: QueuePair) => eventIdsOf(await peek(queues, pair.deadLetterQueueUrl));
const inQueue = async (pair: QueuePair) => eventIdsOf(await queues.drain(pair.queueUrl));

/** Two letters of one reason, a younger one of another and organization. */
async function filledPair(name: string): Promise<QueuePair> {
  const pair = await createPair(queues, name);
  await putLetters(queues, pair, "a", ["a1", "a2"]);
  const body = createEvent({ id: "b1", data: { organizationId: "globex" } });
  const attributes = { reason: "unavailable", failedAt: "2026-03-01T12:00:00.000Z" };
  await putLetter(queues, pair, { group: "b", body, attributes });
  return pair;
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

describe.concurrent("onboarding dead-letters list", () => {
  test("shows a table of queue, reason, count, oldest and its event", async () => {
    const { code, stdout, stderr } = await run(await filledPair("list"), ["list"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replace(TIME, "2026-01-01T00:00:00.000Z")).toBe(
      [
        "queue        reason              count  oldest given up           its event",
        "-----------  ------------------  -----  ------------------------  ---------",
        "invitations  invitation-expired  2      2026-01-01T00:00:00.000Z  a1",
        "invitations  unavailable         1      2026-01-01T00:00:00.000Z  b1",
        "",
      ].join("\n"),
    );
    expect(stdout).toContain("2026-03-01T12:00:00.000Z  b1");
  });

  test("prints JSON where that is asked for, of what the filter means", async () => {
    const pair = await filledPair("list-json");
    const parameters = ["list", "--json", "--organization", "globex", "--older-than", "P1D"];
    const { code, stdout } = await run(pair, parameters);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      groups: [
        {
          queue: "invitations",
          reason: "unavailable",
          count: 1,
          oldestFailedAt: "2026-03-01T12:00:00.000Z",
          sentence: SENTENCE,
          eventIds: ["b1"],
        },
      ],
      notSeen: 0,
    });
  });

  test("of a person shows each letter with its sentence, in any letter case", async () => {
    const pair = await filledPair("list-invitee");
    const { code, stdout } = await run(pair, ["list", "--invitee", "Ada@Example.com"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`acme          a1     invitation-expired  ${SENTENCE}\n`);
    expect(stdout).toContain(`globex        b1     unavailable         ${SENTENCE}\n`);
    expect(await run(pair, ["list", "--invitee", "eve@example.com"])).toEqual({
      code: 0,
      stdout: "No dead letters of that kind. There are: invitation-expired (2), unavailable (1).\n",
      stderr: "",
    });
  });

  test("asks what a misspelt reason means", async () => {
    const pair = await filledPair("list-misspelt");
    expect(await run(pair, ["list", "--reason", "unavialable"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        '"unavialable": Did you mean unavailable? There is no such reason, neither in this version nor in a dead letter that was looked at. There are: invitation-expired (2), unavailable (1).\n',
    });
  });

  test("says when there are none, and when some could not be looked at", async () => {
    const pair = await createPair(queues, "list-empty");
    expect(await run(pair, ["list"])).toEqual({
      code: 0,
      stdout: "No dead letters.\n",
      stderr: "",
    });
    await putLetters(queues, pair, "a", ["a1", "a2"]);
    await queues.receive(pair.deadLetterQueueUrl);
    const { stdout } = await run(pair, ["list"]);
    expect(stdout).toMatch(/^No dead letters\.\n2 more were not looked at: they stand behind /);
  });
});

describe.concurrent("onboarding dead-letters show", () => {
  test("shows a letter whole, its times readable", async () => {
    const pair = await filledPair("show");
    const { code, stdout, stderr } = await run(pair, ["show", "b1"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [letter, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      queue: "invitations",
      reason: "unavailable",
      sentence: SENTENCE,
      group: "b",
      receiveCount: 3,
      failedAt: "2026-03-01T12:00:00.000Z",
      sentAt: expect.stringMatching(TIME),
      body: expect.stringContaining("ada@example.com"),
      event: { id: "b1", data: { organizationId: "globex" } },
    });
    expect(letter).not.toHaveProperty("receiptHandle");
  });

  test("ends with 2 and a sentence when there is no such letter", async () => {
    expect(await run(await createPair(queues, "show-none"), ["show", "no-such"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "There is no dead letter no-such: see dead-letters list.\n",
    });
  });
});

describe.concurrent("onboarding dead-letters redrive", () => {
  test("sends letters to their queue again, after a dry run that only counts", async () => {
    const pair = await filledPair("redrive");
    const expired = ["redrive", "--reason", "invitation-expired", "--per-second", "1000"];
    expect(await run(pair, [...expired, "--dry-run"])).toEqual({
      code: 0,
      stdout: "2 of 3 dead letters would be redriven: invitation-expired (2).\n",
      stderr: "",
    });
    expect(await left(pair)).toEqual(["a1", "a2", "b1"]);
    expect(await run(pair, expired)).toEqual({
      code: 0,
      stdout: "2 of 3 dead letters redriven.\n",
      stderr: "",
    });
    expect(await inQueue(pair)).toEqual(["a1", "a2"]);
    expect(await left(pair)).toEqual(["b1"]);
  });

  test("by event id or age, in JSON", async () => {
    const pair = await filledPair("redrive-json");
    const rest = { leftOut: 0, leftOutRoles: [], notSeen: 0 };
    const event = await run(pair, ["redrive", "--event", "a2", "--json"]);
    expect(JSON.parse(event.stdout)).toMatchObject({ done: 1, seen: 3, ...rest });
    const age = await run(pair, ["redrive", "--newer-than", "P1D", "--json", "--dry-run"]);
    expect(JSON.parse(age.stdout)).toMatchObject({ done: 1, seen: 2, ...rest });
    expect(await inQueue(pair)).toEqual(["a2"]);
  });

  describe("of letters that write a whole state", () => {
    const note =
      "0 of 2 dead letters redriven.\n" +
      "2 were left out: they write the whole state of a role, and an old one may undo a newer one. " +
      "Send them again with --whole-state if that is what you want.\n";

    const wholeStatePair = async (name: string) => {
      const pair = await createPair(queues, name);
      const admin = roleScopesEvent("r1", "replace", "admin");
      await putLetter(queues, pair, { group: "r", body: admin });
      await putLetter(queues, pair, { group: "s", body: roleScopesEvent("s1", "sync", "editor") });
      return pair;
    };
    const directoryWith = async (name: string, roleScopes: string) => {
      const own = join(directory, name);
      await mkdir(own);
      await writeFile(join(own, "role-scopes.yml"), roleScopes);
      return own;
    };

    test("leaves them out, says so, and points to reconcile for roles that are declared", async () => {
      const pair = await wholeStatePair("whole-state");
      const own = await directoryWith("declared", "roles:\n  editor: {}\n  viewer: {}\n");
      const { code, stdout } = await run(pair, ["redrive"], own);
      expect(code).toBe(0);
      expect(stdout).toBe(`${note}Declared in role-scopes.yml, so reconcile instead: editor.\n`);

      const whole = await run(pair, ["redrive", "--whole-state"], own);
      expect(whole).toEqual({ code: 0, stdout: "2 of 2 dead letters redriven.\n", stderr: "" });
      expect(await inQueue(pair)).toEqual(["r1", "s1"]);
    });

    test.each([
      ["is no YAML", "no-yaml", "roles: [}\n"],
      ["declares in another way", "list", "roles:\n  - editor\n"],
    ])("does not mind a role-scopes.yml that %s", async (_, name, content) => {
      const pair = await wholeStatePair(`whole-state-${name}`);
      const result = await run(pair, ["redrive"], await directoryWith(name, content));
      expect(result).toEqual({ code: 0, stdout: note, stderr: "" });
    });
  });

  test("is ended by Ctrl-C between two letters, and says what was done", async ({
    onTestFinished,
  }) => {
    const pair = await createPair(queues, "interrupted");
    await putLetters(queues, pair, "a", ["a1", "a2", "a3"]);
    let interrupt = (): void => {};
    const interrupting = await startSqsProxy(queues.standIn.endpoint, {
      after: ({ operation }) => {
        if (operation === "SendMessage") interrupt();
      },
    });
    onTestFinished(interrupting.stop);
    const program = join(import.meta.dirname, "..", "..", "bin", "onboarding");
    const child = spawn(program, ["dead-letters", "redrive", "--per-second", "0.1"], {
      env: { PATH: process.env["PATH"] ?? "", ...environmentOf(pair, interrupting) },
    });
    interrupt = () => child.kill("SIGINT");
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(stdout).toMatch(/^1 of \d dead letters? redriven\.\n/);
    expect(await inQueue(pair)).toEqual(["a1"]);
    expect(await left(pair)).toEqual(["a2", "a3"]);
  });
});

describe.concurrent("onboarding dead-letters discard", () => {
  test("asks first, which needs a terminal or --yes", async () => {
    const pair = await filledPair("discard");
    expect(await run(pair, ["discard", "--reason", "invitation-expired"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        '"Delete 2 dead letters for good?" cannot be asked, as there is no terminal: give --yes. Nothing was deleted.\n',
    });
    expect(await left(pair)).toHaveLength(3);
    expect(await run(pair, ["discard", "--reason", "invitation-expired", "--dry-run"])).toEqual({
      code: 0,
      stdout: "2 of 3 dead letters would be deleted: invitation-expired (2).\n",
      stderr: "",
    });
    expect(await run(pair, ["discard", "--reason", "invitation-expired", "--yes"])).toEqual({
      code: 0,
      stdout: "2 of 3 dead letters deleted.\n",
      stderr: "",
    });
    expect(await left(pair)).toEqual(["b1"]);
    expect(await inQueue(pair)).toEqual([]);
  });
});

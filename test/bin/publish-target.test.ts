import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";
import { createEvent } from "../support/events.ts";
import { NOTHING_LISTENS } from "../support/queues.ts";

let world: CommandWorld;
let directory: string;
let event: string;
beforeAll(async () => {
  world = await startCommandWorld();
  directory = await mkdtemp(join(tmpdir(), "onboarding-target-"));
  event = join(directory, "event.json");
  await writeFile(event, JSON.stringify(createEvent()));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await world.stop();
});

const urlOf = (variable: string): string => world.environment[variable] ?? "";

test("a queue whose URL has another host than AWS_ENDPOINT_URL is reached there, without a warning", async () => {
  const url = new URL(new URL(urlOf("INVITATIONS_QUEUE_URL")).pathname, NOTHING_LISTENS).href;
  const result = await world.run(["publish", event], { INVITATIONS_QUEUE_URL: url });
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(await world.published("invitations")).toHaveLength(1);
});

test("without AWS_ENDPOINT_URL the queue's URL says where it is, without a warning", async () => {
  const result = await world.run(["publish", event], { AWS_ENDPOINT_URL: "" });
  expect(result).toMatchObject({ code: 0, stderr: "" });
});

test.each([
  [
    "the other queue's URL",
    (urls: Urls) => ({ INVITATIONS_QUEUE_URL: urls.roleScopes, ROLE_SCOPES_QUEUE_URL: "" }),
    "INVITATIONS_QUEUE_URL is the URL of the queue role-scopes: set each to its own queue's URL.\n",
  ],
  [
    "the same URL twice",
    (urls: Urls) => ({ ROLE_SCOPES_QUEUE_URL: urls.invitations }),
    "INVITATIONS_QUEUE_URL and ROLE_SCOPES_QUEUE_URL are the same URL: set each to its own queue's URL.\n",
  ],
  [
    "its own dead letters",
    (urls: Urls) => ({
      INVITATIONS_QUEUE_URL: urls.deadLetters.replace("invitations-", "acme-prod-invitations-"),
    }),
    "INVITATIONS_QUEUE_URL is the URL of the queue invitations-dead-letters: set each to its own queue's URL.\n",
  ],
] as const)("a queue that is given %s is refused", async (_, environmentOf, stderr) => {
  const environment = environmentOf({
    invitations: urlOf("INVITATIONS_QUEUE_URL"),
    roleScopes: urlOf("ROLE_SCOPES_QUEUE_URL"),
    deadLetters: urlOf("INVITATIONS_DEAD_LETTER_QUEUE_URL"),
  });
  const result = await world.run(["publish", event], environment);
  expect(result).toEqual({ code: 2, stdout: "", stderr });
});

type Urls = Readonly<Record<"invitations" | "roleScopes" | "deadLetters", string>>;

test("several files are refused with what to do instead", async () => {
  expect(await world.run(["publish", event, event])).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "One file is published at a time, and 2 are given: run the command for each. Nothing was sent.\n",
  });
});

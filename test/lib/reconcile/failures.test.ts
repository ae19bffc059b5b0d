import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startFailingQueue } from "../../support/failing-queue.ts";
import { answerText, startAnsweringServer } from "../logto/answering-server.ts";
import { clientWith } from "../logto/test-client.ts";
import { DAY_MS, HOUR_MS, invitation, NOON } from "./invitation.ts";
import { everything, startWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const noon = { scheduledTime: "2026-03-01T12:00:00Z" };

/** Pending invitations that were created three days ago, a second after each other. */
const threeDaysOld = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `pending-${String(index).padStart(3, "0")}`,
    invitee: `pending-${index}@example.com`,
    createdAt: NOON - 3 * DAY_MS - index * 1_000,
  }));

describe("a run whose time is up", () => {
  test("stops, loses nothing of what it found, and says how to go on by hand", async () => {
    world.seed(...threeDaysOld(50));
    const endBy = NOON + 1_000;
    let looked = 0;
    // The clock is asked several times for each invitation.
    const now = () => (++looked > 100 ? endBy : NOON);
    const answer = await world.run(noon, { policy: everything, now, endBy });
    const events = await world.events();
    expect(answer).toMatchObject({ complete: false, invitations: { outOfTime: true } });
    expect(events.length).toBeGreaterThan(0);
    expect(events.length).toBeLessThan(50);
    expect(answer.invitations?.reminders?.due).toBe(events.length);
    expect(answer.published).toEqual({ "onboarding.invitation.resend": events.length });
    expect(answer.notes).toContain(
      "There was no time for all invitations: the next run begins anew.",
    );

    // By hand the rest, and nothing twice.
    const rest = answer.invitations?.reminders?.missed;
    expect(rest).not.toHaveProperty("count");
    world.set(NOON + HOUR_MS);
    await world.run(rest?.runByHand, { policy: everything });
    expect(await world.events()).toHaveLength(50 - events.length);
  });

  test("renews nobody while it has not seen all invitations", async () => {
    world.seed({ createdAt: NOON - 8 * DAY_MS, expiresAt: NOON - HOUR_MS }, { createdAt: 0 });
    const endBy = NOON + 1_000;
    let looked = 0;
    const now = () => (++looked > 4 ? endBy : NOON);
    const answer = await world.run(noon, { policy: everything, now, endBy });
    expect(answer).toMatchObject({ complete: false, invitations: { read: 1, outOfTime: true } });
    expect(await world.events()).toEqual([]);
  });

  test("does not wait for a list that does not come", async () => {
    await using server = await startAnsweringServer((response) => {
      response.writeHead(200).write("[");
    });
    const logto = clientWith(server.credentials, { now: () => NOON });
    const answer = await world.run(noon, { policy: everything, logto, endBy: NOON + 500 });
    expect(answer).toMatchObject({ complete: false, invitations: { read: 0, outOfTime: true } });
  });

  test("was never long enough to begin", async () => {
    world.seed(...threeDaysOld(3));
    const answer = await world.run(noon, {
      policy: everything,
      declaration: "roles: {}",
      endBy: NOON - 1,
    });
    expect(answer).toMatchObject({ complete: false, published: {} });
    expect(answer.invitations?.reminders?.missed).toBeDefined();
  });
});

describe("a run whose Logto fails", () => {
  test("in the middle of the list publishes what it found until then, and says so", async () => {
    const [first, second] = threeDaysOld(2).map((fields) => invitation(fields));
    let open: ServerResponse | undefined;
    await using server = await startAnsweringServer((response) => {
      open = response;
      response.writeHead(200).write(`[${JSON.stringify(first)},`);
    });
    const queue = await startFailingQueue(() => {
      // The first is in the queue: now the rest breaks off.
      open?.end(JSON.stringify(second).slice(0, 20));
      return "taken";
    });
    onTestFinished(queue.stop);
    const queueUrls = { invitations: queue.url, "role-scopes": queue.url };
    const logto = clientWith(server.credentials, { now: () => NOON });
    const answer = await world.run(noon, {
      policy: everything,
      logto,
      sqs: async () => queue.sqs,
      queueUrls,
    });
    expect(answer).toMatchObject({
      complete: false,
      published: { "onboarding.invitation.resend": 1 },
      invitations: {
        read: 1,
        failed: expect.stringMatching(/^the answer is not one that Logto gives .*not-json\)$/),
        reminders: {
          missed: { runByHand: { createdBefore: new Date(NOON - 3 * DAY_MS).toISOString() } },
        },
      },
    });
    expect(JSON.stringify(answer)).not.toContain("@");
  });

  test("for the roles goes on with the invitations", async () => {
    world.seed(...threeDaysOld(1));
    world.standIn.faults.add({
      on: "GET /api/organization-roles",
      action: { kind: "answer", status: 500, body: "Internal Server Error" },
    });
    const answer = await world.run(noon, { policy: everything, declaration: "roles: {}" });
    expect(answer).toMatchObject({
      complete: false,
      published: { "onboarding.invitation.resend": 1 },
      roleScopes: { failed: expect.stringContaining("GET /api/organization-roles: 500") },
    });
  });

  test("altogether publishes nothing, and everything is missed", async () => {
    await using server = await startAnsweringServer(answerText(500, "Internal Server Error"));
    const logto = clientWith(server.credentials, { now: () => NOON });
    const answer = await world.run(noon, { policy: everything, declaration: "roles: {}", logto });
    expect(answer).toMatchObject({
      complete: false,
      published: {},
      roleScopes: { failed: expect.any(String) },
      invitations: {
        failed: expect.any(String),
        reminders: {
          missed: {
            runByHand: { since: "2026-03-01T11:00:00.000Z", until: "2026-03-01T12:00:00.000Z" },
          },
        },
      },
    });
  });
});

test("a run by hand for reminders says when there are none to be sent", async () => {
  const asked = { since: "2026-03-01T10:00:00Z", until: "2026-03-01T12:00:00Z" };
  const { remindAfter: _, ...policy } = everything;
  const answer = await world.run(asked, { policy });
  expect(answer.notes).toContain("No reminders: INVITATION_REMIND_AFTER is not set.");
  const scheduled = await world.run(noon, { policy });
  expect(scheduled.notes.join()).not.toContain("No reminders");
});

describe("a run whose SQS fails", () => {
  test("says what is not in the queue, and what to do", async () => {
    world.seed(...threeDaysOld(30));
    const queue = await startFailingQueue((body) =>
      body.includes("pending-015") ? { code: "ServiceUnavailable" } : "taken",
    );
    onTestFinished(queue.stop);
    const queueUrls = { invitations: queue.url, "role-scopes": queue.url };
    const answer = await world.run(noon, {
      policy: everything,
      sqs: async () => queue.sqs,
      queueUrls,
    });
    const taken = queue.taken.length;
    expect(taken).toBe(29);
    expect(answer).toMatchObject({
      complete: false,
      published: { "onboarding.invitation.resend": taken },
      unsent: 1,
      failed:
        "SQS did not take all events (ServiceUnavailable): run it again within five minutes, which repeats nothing.",
    });
    expect(answer.notes).toContain("Events that could not be published any more: 1.");
  });

  test("misses no reminder: a run by hand sends what is not in the queue", async () => {
    world.seed(...threeDaysOld(120));
    const queue = await startFailingQueue((body) =>
      body.includes("pending-015") ? { code: "ServiceUnavailable" } : "taken",
    );
    onTestFinished(queue.stop);
    const queueUrls = { invitations: queue.url, "role-scopes": queue.url };
    const answer = await world.run(noon, {
      policy: everything,
      sqs: async () => queue.sqs,
      queueUrls,
    });
    const { due, missed } = answer.invitations?.reminders ?? {};
    expect(due).toBe(queue.taken.length);
    expect(missed?.unsent).toBe(answer.unsent);
    expect(answer.notes.join(" ")).not.toContain("might be sent twice");

    await world.run(missed?.runByHand, { policy: everything });
    const madeUp = (await world.events()).map(({ body }) => body);
    const reminded = new Set([...queue.taken, ...madeUp].map((body) => JSON.parse(body).id));
    expect(reminded.size).toBe(120);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, NOON } from "./invitation.ts";
import { everything, startWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const noon = { scheduledTime: "2026-03-01T12:00:00Z" };
const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

/** One invitation of each kind: two to be mailed, one to be renewed, three to be deleted, five to be left. */
const someOfEach = () =>
  world.seed(
    { id: "day-3", createdAt: NOON - 3 * DAY_MS },
    { id: "day-6", createdAt: NOON - 6 * DAY_MS - HOUR_MS + 1 },
    { id: "day-3-accepted", createdAt: NOON - 3 * DAY_MS, status: "Accepted", updatedAt: NOON },
    { id: "day-2", createdAt: NOON - 2 * DAY_MS },
    {
      id: "expired",
      createdAt: NOON - 8 * DAY_MS,
      expiresAt: NOON - DAY_MS,
      organizationRoleIds: ["member"],
    },
    { id: "expired-early", createdAt: NOON - 20 * DAY_MS, expiresAt: NOON - 13 * DAY_MS },
    {
      id: "accepted",
      status: "Accepted",
      createdAt: NOON - 99 * DAY_MS,
      updatedAt: NOON - 91 * DAY_MS,
    },
    {
      id: "revoked",
      status: "Revoked",
      createdAt: NOON - 99 * DAY_MS,
      updatedAt: NOON - 91 * DAY_MS,
    },
    { id: "forgotten", createdAt: NOON - 200 * DAY_MS, expiresAt: NOON - 193 * DAY_MS },
    {
      id: "revoked-late",
      status: "Revoked",
      createdAt: NOON - 99 * DAY_MS,
      updatedAt: NOON - 89 * DAY_MS,
    },
  );

const found = [
  "delete:accepted",
  "delete:forgotten",
  "delete:revoked",
  "remind:day-3:P3D",
  "remind:day-6:P6D",
  "renew:expired",
];
const counts = {
  "onboarding.invitation.resend": 2,
  "onboarding.invitation.create": 1,
  "onboarding.invitation.delete": 3,
};

describe("a scheduled run", () => {
  test("publishes an event for each invitation that is to be mailed, renewed or deleted", async () => {
    someOfEach();
    const answer = await world.run(noon, { policy: everything });
    const events = await world.events();
    expect(ids(events)).toEqual(found);
    expect(
      events.every(
        ({ queue, time }) => queue === "invitations" && time === "2026-03-01T12:00:00.000Z",
      ),
    ).toBe(true);
    expect(answer).toEqual({
      dryRun: false,
      scheduledTime: "2026-03-01T12:00:00.000Z",
      complete: true,
      published: counts,
      eventIds: expect.arrayContaining(found),
      invitations: {
        read: 10,
        reminders: {
          since: "2026-03-01T11:00:00.000Z",
          until: "2026-03-01T12:00:00.000Z",
          due: 2,
        },
        renewals: { due: 1, left: 0 },
        deletions: { due: 3, left: 0 },
      },
      notes: ["There is no role-scopes.yml: no role is managed."],
    });
  });

  test("tells no address and sends none in an event's id or group", async () => {
    someOfEach();
    const answer = await world.run(noon, { policy: everything });
    expect(JSON.stringify(answer)).not.toContain("@");
    for (const { id, group } of await world.events()) expect(`${id}${group}`).not.toContain("@");
  });

  test("is done once when two run at once", async () => {
    someOfEach();
    const answers = await Promise.all([
      world.run(noon, { policy: everything }),
      world.run(noon, { policy: everything }),
    ]);
    expect(ids(await world.events())).toEqual(found);
    for (const { published } of answers) expect(published).toEqual(counts);
  });

  test("reminds nobody again when it comes again after ten minutes, and says what it left out", async () => {
    someOfEach();
    await world.run(noon, { policy: everything });
    await world.events();
    world.set(NOON + 600_000);
    const answer = await world.run(noon, { policy: everything });
    expect(answer.published).toEqual({
      "onboarding.invitation.create": 1,
      "onboarding.invitation.delete": 3,
    });
    const asked = { since: "2026-03-01T11:00:00.000Z", until: "2026-03-01T12:00:00.000Z" };
    expect(answer.invitations?.reminders).toEqual({
      ...asked,
      due: 0,
      missed: { count: 2, runByHand: asked },
    });
    expect(answer.notes).toContain(
      `Reminders due between ${asked.since} and ${asked.until} were not sent (2), for they might be sent ` +
        `twice: run by hand with ${JSON.stringify(asked)}, unless another run for the same time has sent them.`,
    );
  });

  test("that came too late is made up for by hand, with what its answer says", async () => {
    someOfEach();
    world.set(NOON + 600_000);
    const { invitations } = await world.run(noon, { policy: everything });
    await world.events();
    const answer = await world.run(invitations?.reminders?.missed?.runByHand, {
      policy: { remindAfter: everything.remindAfter ?? [] },
    });
    expect(answer).toMatchObject({ complete: true, invitations: { reminders: { due: 2 } } });
    expect(ids(await world.events())).toEqual(["remind:day-3:P3D", "remind:day-6:P6D"]);
  });

  test("converges: when its events were carried out the next one finds nothing", async () => {
    someOfEach();
    await world.run(noon, { policy: everything });
    expect(await world.carryOut(await world.events())).toEqual([
      ...["deleted", "deleted", "deleted"],
      ...["resent", "resent", "created"],
    ]);
    expect(world.standIn.outbox).toHaveLength(3);
    world.set(NOON + HOUR_MS);
    const next = { scheduledTime: "2026-03-01T13:00:00Z" };
    expect(await world.run(next, { policy: everything })).toMatchObject({
      complete: true,
      published: {},
    });
    const renewed = world.standIn.state.invitationsOf("acme", "invitee-4@example.com");
    expect(renewed).toMatchObject([{ id: "expired" }, { status: "Pending" }]);
    expect([...(renewed[1]?.roleIds ?? [])]).toEqual(["member"]);
  });

  test("that asks for a renewal twice, an hour apart, has it made once", async () => {
    someOfEach();
    const policy = { renewal: { withinMs: 2 * DAY_MS, atMost: 1 } };
    await world.run(noon, { policy });
    const first = await world.events();
    world.set(NOON + HOUR_MS);
    // A queue of its own: SQS forgets a repeat after five minutes, and the stand-in's clock stands still.
    const { queues } = world;
    const invitations = await queues.create("an-hour-later.fifo");
    const queueUrls = { invitations, "role-scopes": invitations };
    await world.run({ scheduledTime: "2026-03-01T13:00:00Z" }, { policy, queueUrls });
    const [again] = await queues.drain(invitations);
    const second = first.map((event) => ({ ...event, body: again?.Body ?? "" }));
    expect(await world.carryOut([...first, ...second])).toEqual(["created", "already-pending"]);
    expect(world.standIn.outbox).toHaveLength(1);
  });
});

describe("a run by hand", () => {
  test("sends no reminders where no time is given, and says so", async () => {
    someOfEach();
    const answer = await world.run(undefined, { policy: everything });
    expect(answer.published).toEqual({
      "onboarding.invitation.create": 1,
      "onboarding.invitation.delete": 3,
    });
    expect(answer).not.toHaveProperty("scheduledTime");
    expect(answer.notes).toContain(
      'No reminders: by hand they are sent for a time that is given as "since".',
    );
  });

  test("leaves the list alone where nothing is to be done about invitations", async () => {
    someOfEach();
    const answer = await world.run({});
    expect(answer).toMatchObject({ complete: true, published: {} });
    expect(answer.notes).toContain(
      "Invitations are left alone: no setting asks for reminders, renewals or deletions.",
    );
    expect(world.standIn.calls.count("GET /api/organization-invitations")).toBe(0);
  });

  test("reads the list as far as reminders go, where it is for them alone", async () => {
    someOfEach();
    const remindAfter = [{ text: "P3D", ms: 3 * DAY_MS }];
    const answer = await world.run(noon, { policy: { remindAfter } });
    expect(answer.invitations).toMatchObject({ read: 3, reminders: { due: 1 } });
    expect(answer.complete).toBe(true);
  });
});

test("a dry run publishes nothing and tells the same", async () => {
  someOfEach();
  const dry = await world.run({ ...noon, dryRun: true }, { policy: everything });
  expect(await world.events()).toEqual([]);
  const wet = await world.run(noon, { policy: everything });
  expect(dry).toEqual({ ...wet, dryRun: true, eventIds: expect.any(Array) });
  expect(dry.eventIds.toSorted()).toEqual(found);
});

test("a backlog is worked off a part at a time, the renewals with the least time left first", async () => {
  world.seed(
    ...[1, 2, 3].map((age) => ({
      id: `expired-${age}`,
      invitee: `expired-${age}@example.com`,
      createdAt: NOON - 8 * DAY_MS - age,
      expiresAt: NOON - HOUR_MS * age,
    })),
    ...[1, 2, 3].map((age) => ({
      id: `old-${age}`,
      invitee: `old-${age}@example.com`,
      createdAt: NOON - 300 * DAY_MS - age,
      expiresAt: NOON - 200 * DAY_MS,
    })),
  );
  const answer = await world.run(noon, { policy: { ...everything, changesAtMost: 2 } });
  expect(ids(await world.events())).toEqual([
    "delete:old-1",
    "delete:old-2",
    "renew:expired-2",
    "renew:expired-3",
  ]);
  expect(answer).toMatchObject({
    complete: false,
    invitations: { renewals: { due: 2, left: 1 }, deletions: { due: 2, left: 1 } },
  });
  expect(answer.notes).toContain(
    "Renewals and deletions left to the next runs, which ask for RECONCILE_CHANGES_AT_MOST of each: 2.",
  );
});

test("what no event may hold is left alone and counted", async () => {
  const roles = Array.from({ length: 101 }, (_, index) => ({
    id: `role-${index}`,
    name: `${index}`,
  }));
  world.standIn.seed({ roles });
  world.seed(
    {
      createdAt: NOON - 8 * DAY_MS,
      expiresAt: NOON - DAY_MS,
      organizationRoleIds: roles.map(({ id }) => id),
    },
    { id: "other", createdAt: NOON - 8 * DAY_MS, expiresAt: NOON - DAY_MS },
  );
  const answer = await world.run(noon, { policy: everything });
  expect(ids(await world.events())).toEqual(["renew:other"]);
  expect(answer.invitations?.unfit).toBe(1);
  expect(answer.notes.join()).toContain("such as more than 100 roles: 1.");
});

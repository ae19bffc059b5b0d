import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOUR, MINUTE, openWorld, type Person, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const statuses = (person: Person) => person.invitations().map(({ status }) => status);

const TWO_STEPS = { message: { link: "https://example.com/{invitationId}" } };

describe("a create looks before it writes", () => {
  const FIRST = ["create"];
  const LOOKED = ["list", "create"];

  test.each([
    [1, FIRST],
    [2, LOOKED],
    [99, LOOKED],
  ])("when it was received more than once: %i", async (receiveCount, expected) => {
    const { calls } = await world.deliver(world.person().event("create"), { receiveCount });
    expect(calls).toEqual(expected);
  });

  test.each([
    ["before it was asked for", -MINUTE, FIRST],
    ["five minutes after it was asked for", 5 * MINUTE, FIRST],
    ["a millisecond more than five minutes after it was asked for", 5 * MINUTE + 1, LOOKED],
  ])("when it was sent late: %s", async (_, afterMs, expected) => {
    const event = world.person().event("create");
    const { calls } = await world.deliver(event, { sentAt: world.now() + afterMs });
    expect(calls).toEqual(expected);
  });

  test("not for having waited in the queue: a backlog makes no repeat", async () => {
    const event = world.person().event("create");
    world.advance(11 * HOUR);
    expect((await world.deliver(event)).calls).toEqual(FIRST);
  });

  test("when it was redriven", async () => {
    const event = world.person().event("create");
    const { calls } = await world.deliver(event, { deadLetteredAt: world.now() });
    expect(calls).toEqual(LOOKED);
  });

  test("never for its age where it has no time: it was asked for when it was sent", async () => {
    const event = world.person().event("create", {}, { time: undefined });
    const { calls } = await world.deliver(event, { sentAt: world.now() - HOUR });
    expect(calls).toEqual(FIRST);
  });
});

describe("an accept takes an acceptance after its time for its own", () => {
  /** Accepted by this user once, and pending again. */
  function memberInvitedAgain() {
    const ada = world.person();
    const event = ada.event("accept");
    const accepted = ada.seed({ status: "Accepted", acceptedUserId: ada.userId });
    world.advance(HOUR);
    ada.seed();
    return { ada, event, accepted };
  }

  test.each([
    ["received twice", { receiveCount: 2 }],
    ["sent late", { lateMs: 5 * MINUTE + 1 }],
    ["redriven", { deadLetteredAt: true }],
  ])("when it was %s", async (_, how: RepeatedHow) => {
    const { ada, event, accepted } = memberInvitedAgain();
    const { outcome, calls } = await world.deliver(event, deliveryOf(how));
    expect(outcome).toMatchObject({ detail: "already-accepted", invitationId: accepted.id });
    expect(calls).toEqual(["list"]);
    expect(statuses(ada)).toEqual(["Accepted", "Pending"]);
  });

  test("not when it is a first delivery, sent five minutes after its time", async () => {
    const { ada, event } = memberInvitedAgain();
    const { outcome, calls } = await world.deliver(event, deliveryOf({ lateMs: 5 * MINUTE }));
    expect(outcome).toMatchObject({ detail: "accepted" });
    expect(calls).toEqual(["list", "status"]);
    expect(statuses(ada)).toEqual(["Accepted", "Accepted"]);
  });

  type RepeatedHow = { receiveCount?: number; lateMs?: number; deadLetteredAt?: boolean };

  const deliveryOf = ({ receiveCount = 1, lateMs = 0, deadLetteredAt = false }: RepeatedHow) => ({
    receiveCount,
    // Both events of the story were asked for an hour ago.
    sentAt: world.now() - HOUR + lateMs,
    ...(deadLetteredAt ? { deadLetteredAt: world.now() } : {}),
  });
});

describe("the stories", () => {
  test("a lost response", async () => {
    const ada = world.person();
    const event = ada.event("create");
    world.standIn.faults.add({
      on: "POST /api/organization-invitations",
      action: { kind: "lostResponse" },
      times: 1,
    });
    const lost = await world.deliver(event);
    expect(lost.error).toMatchObject({ meaning: "unavailable" });
    expect(lost.calls).toEqual(["create"]);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ outcome: "done", detail: "already-carried-out" });
    expect(again.calls).toEqual(["list"]);
    expect(statuses(ada)).toEqual(["Pending"]);
    expect(ada.emails()).toHaveLength(1);
  });

  test.each([
    ["before Logto got the message", "droppedConnection" as const, 1],
    ["after the e-mail went out", "lostResponse" as const, 2],
  ])("a crash between create and message: %s", async (_, kind, emails) => {
    const ada = world.person();
    const event = ada.event("create", TWO_STEPS);
    world.standIn.faults.add({
      on: "POST /api/organization-invitations/{id}/message",
      action: { kind },
      times: 1,
    });
    expect((await world.deliver(event)).calls).toEqual(["create", "message"]);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ outcome: "done", detail: "already-carried-out" });
    expect(again.calls).toEqual(["list", "message"]);
    expect(statuses(ada)).toEqual(["Pending"]);
    expect(ada.emails()).toHaveLength(emails);
  });

  test("a crash between the revoke and the create of a replacement", async () => {
    const ada = world.person();
    ada.seed();
    const event = ada.event("create", { ifPending: "replace" });
    world.whenCalled("status", () => {
      world.standIn.faults.add({
        on: "POST /api/organization-invitations",
        action: { kind: "droppedConnection" },
        times: 1,
      });
    });
    expect((await world.deliver(event)).error).toMatchObject({ meaning: "unavailable" });
    expect(statuses(ada)).toEqual(["Revoked"]);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ detail: "created" });
    expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
  });

  test("a crash after the renewal of a resend", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1 });
    const event = ada.event("resend");
    await world.deliver(event);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({
      detail: "already-carried-out",
      invitationId: ada.invitations()[1]?.id,
    });
    expect(again.calls).toEqual(["list"]);
    expect(ada.emails()).toHaveLength(1);
  });

  test.each([
    ["at the first attempt", 1],
    ["at the second", 2],
  ])("a genuine re-invitation in a backlog of hours: %s", async (_, receiveCount) => {
    const ada = world.person();
    const first = ada.event("create");
    world.advance(MINUTE);
    const revoke = ada.event("revoke");
    world.advance(MINUTE);
    const second = ada.event("create");
    world.advance(6 * HOUR);
    await world.deliver(first, { receiveCount });
    await world.deliver(revoke, { receiveCount });
    const { outcome } = await world.deliver(second, { receiveCount });
    expect(outcome).toMatchObject({ outcome: "done", detail: "created" });
    expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
    expect(ada.emails()).toHaveLength(2);
  });

  test.each([1, 2])(
    "a re-invitation in a backlog, of somebody whose invitation is older: attempt %i",
    async (receiveCount) => {
      const ada = world.person();
      await world.deliver(ada.event("create"));
      world.advance(HOUR);
      const revoke = ada.event("revoke");
      world.advance(MINUTE);
      const create = ada.event("create");
      world.advance(6 * HOUR);
      await world.deliver(revoke, { receiveCount });
      const { outcome } = await world.deliver(create, { receiveCount });
      expect(outcome).toMatchObject({ outcome: "done", detail: "created" });
      expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
    },
  );

  test.each([1, 2])("two creates with the same explicit expiresAt: attempt %i", async (attempt) => {
    const ada = world.person();
    const expiresAt = new Date(world.now() + 24 * HOUR).toISOString();
    await world.deliver(ada.event("create", { expiresAt }));
    await world.deliver(ada.event("revoke"));
    const second = ada.event("create", { expiresAt });
    const { outcome } = await world.deliver(second, { receiveCount: attempt });
    expect(outcome).toMatchObject({ outcome: "done", detail: "created" });
    expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
  });

  test("a revoke that comes again after a newer create ends that one: the safe side", async () => {
    const ada = world.person();
    const events = [ada.event("create"), ada.event("revoke"), ada.event("create")];
    for (const event of events) await world.deliver(event);
    expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
    // It cannot tell its own past from a revoke that was missed.
    for (const event of events) await world.deliver(event, { receiveCount: 2 });
    expect(statuses(ada)).toEqual(["Revoked", "Revoked"]);
  });
});

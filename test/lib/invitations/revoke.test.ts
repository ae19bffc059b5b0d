import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOUR, openWorld, type Person, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const statuses = (person: Person) => person.invitations().map(({ status }) => status);

test("a revoke ends the pending invitation, by its id or without", async () => {
  for (const isNamed of [true, false]) {
    const ada = world.person();
    const { id } = ada.seed();
    const data = isNamed ? { invitationId: id } : {};
    const { outcome, calls } = await world.deliver(ada.event("revoke", data));
    expect(outcome).toEqual({ outcome: "done", detail: "revoked", invitationId: id });
    expect(calls).toEqual([isNamed ? "get" : "list", "status"]);
    expect(statuses(ada)).toEqual(["Revoked"]);
  }
});

test("a revoke ends all that are pending by their letter case, and names the newest", async () => {
  const ada = world.person();
  ada.seed({ invitee: ada.invitee.toUpperCase(), createdAt: world.now() - HOUR });
  ada.seed({ invitee: ada.invitee.replace("p", "P"), createdAt: world.now() - 2 * HOUR });
  const newest = ada.seed();
  ada.seed({ status: "Accepted", createdAt: world.now() - 3 * HOUR });
  const { outcome, calls } = await world.deliver(ada.event("revoke"));
  expect(outcome).toMatchObject({ detail: "revoked", invitationId: newest.id });
  expect(calls).toEqual(["list", "status", "status", "status"]);
  expect(statuses(ada)).toEqual(["Revoked", "Revoked", "Revoked", "Accepted"]);
});

test("a revoke by id leaves the others", async () => {
  const ada = world.person();
  ada.seed();
  const { id } = ada.seed({ invitee: ada.invitee.toUpperCase() });
  await world.deliver(ada.event("revoke", { invitationId: id }));
  expect(statuses(ada)).toEqual(["Pending", "Revoked"]);
});

test("a revoke leaves the invitee's invitations into other organizations", async () => {
  const ada = world.person();
  const other = world.person();
  ada.seed();
  const elsewhere = other.seed({ invitee: ada.invitee });
  await world.deliver(ada.event("revoke"));
  expect(world.standIn.state.invitations.get(elsewhere.id)).toMatchObject({ status: "Pending" });
});

describe("a revoke with nothing left to do", () => {
  test("is done where there is no invitation", async () => {
    const { outcome, calls } = await world.deliver(world.person().event("revoke"));
    expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
    expect(calls).toEqual(["list"]);
  });

  test.each([
    ["revoked", { status: "Revoked" }],
    ["expired", { expiresAt: Date.parse("2026-01-01T00:00:00Z") }],
  ] as const)("is done where the last one is %s", async (_, fields) => {
    const ada = world.person();
    const { id } = ada.seed(fields);
    for (const data of [{}, { invitationId: id }]) {
      const { outcome } = await world.deliver(ada.event("revoke", data));
      expect(outcome).toEqual({ outcome: "done", detail: "already-ended", invitationId: id });
    }
  });

  test("is done when the id is unknown, another invitee's or another organization's", async () => {
    const ada = world.person();
    const bob = world.person();
    ada.seed();
    const others = [bob.seed(), bob.seed({ invitee: ada.invitee })];
    for (const invitationId of ["unknown", ...others.map(({ id }) => id)]) {
      const { outcome, calls } = await world.deliver(ada.event("revoke", { invitationId }));
      expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
      expect(calls).toEqual(["get"]);
    }
    expect([...statuses(ada), ...others.map(({ status }) => status)]).toEqual([
      "Pending",
      "Pending",
      "Pending",
    ]);
  });
});

describe("a revoke that comes after the acceptance", () => {
  test("is rejected: the invitee is a member", async () => {
    const ada = world.person();
    const { id } = ada.seed({ status: "Accepted", acceptedUserId: ada.userId });
    for (const data of [{}, { invitationId: id }]) {
      const { outcome } = await world.deliver(ada.event("revoke", data));
      expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-accepted" });
    }
  });

  test("is rejected when the acceptance comes between look and write", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("status", () => {
      world.standIn.state.changeInvitation(id, { status: "Accepted", acceptedUserId: ada.userId });
    });
    const { outcome, calls } = await world.deliver(ada.event("revoke"));
    expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-accepted" });
    expect(calls).toEqual(["list", "status", "get"]);
  });

  test("ends the other pending ones all the same", async () => {
    const ada = world.person();
    const first = ada.seed({ invitee: ada.invitee.toUpperCase() });
    ada.seed({ createdAt: world.now() - HOUR });
    world.whenCalled("status", () => {
      world.standIn.state.changeInvitation(first.id, { status: "Accepted" });
    });
    const { outcome } = await world.deliver(ada.event("revoke"));
    expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-accepted" });
    expect(statuses(ada)).toEqual(["Accepted", "Revoked"]);
  });
});

test.each([
  ["revoked", "status", ["list", "status", "get"]],
  ["deleted", "status", ["list", "status"]],
])("a revoke of one that somebody else %s at that moment is done", async (how, call, expected) => {
  const ada = world.person();
  const { id } = ada.seed();
  world.whenCalled(call, () => {
    if (how === "deleted") world.standIn.state.removeInvitation(id);
    else world.standIn.state.changeInvitation(id, { status: "Revoked" });
  });
  const { outcome, calls } = await world.deliver(ada.event("revoke"));
  expect(outcome).toMatchObject({ outcome: "done", detail: "revoked" });
  expect(calls).toEqual(expected);
});

test("a revoke of one that expires at that moment is done", async () => {
  const ada = world.person();
  ada.seed({ expiresAt: world.now() + 1 });
  world.whenCalled("status", () => world.advance(2));
  const { outcome, calls } = await world.deliver(ada.event("revoke"));
  expect(outcome).toMatchObject({ outcome: "done", detail: "revoked" });
  expect(calls).toEqual(["list", "status", "get"]);
});

test("a revoke of one that is revoked and then deleted by others at that moment is done", async () => {
  const ada = world.person();
  const { id } = ada.seed();
  world.whenCalled("status", () => {
    world.standIn.state.changeInvitation(id, { status: "Revoked" });
    world.whenCalled("get", () => world.standIn.state.removeInvitation(id));
  });
  const { outcome, calls } = await world.deliver(ada.event("revoke"));
  expect(outcome).toMatchObject({ outcome: "done", detail: "revoked" });
  expect(calls).toEqual(["list", "status", "get"]);
});

test("a revoke that comes again beside a newer, accepted invitation says that it was accepted", async () => {
  const ada = world.person();
  ada.seed({ invitee: ada.invitee.toUpperCase(), createdAt: world.now() - HOUR });
  ada.seed({ status: "Accepted", acceptedUserId: ada.userId });
  const event = ada.event("revoke");
  await world.deliver(event);
  const { outcome, calls } = await world.deliver(event, { receiveCount: 2 });
  // Whose revoke ended the older one cannot be told in a backlog, and a membership is not to be hidden.
  expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-accepted" });
  expect(calls).toEqual(["list"]);
});

describe("a redriven revoke", () => {
  test("leaves alone what was created after it was dead-lettered, to the millisecond", async () => {
    const ada = world.person();
    const deadLetteredAt = world.now();
    const upper = ada.invitee.toUpperCase();
    const meant = ada.seed({ createdAt: deadLetteredAt, invitee: upper });
    ada.seed({ createdAt: deadLetteredAt + 1 });
    world.advance(HOUR);
    const { outcome, calls } = await world.deliver(ada.event("revoke"), { deadLetteredAt });
    expect(outcome).toMatchObject({ detail: "revoked", invitationId: meant.id });
    expect(calls).toEqual(["list", "status"]);
    expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
  });

  test("leaves it alone when it names it, too", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    const delivery = { deadLetteredAt: world.now() - 1 };
    const { outcome } = await world.deliver(ada.event("revoke", { invitationId: id }), delivery);
    expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
    expect(statuses(ada)).toEqual(["Pending"]);
  });
});

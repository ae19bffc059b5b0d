import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test("a delete takes away every invitation of the invitee, in any status and letter case", async () => {
  const ada = world.person();
  ada.seed({ status: "Accepted", createdAt: world.now() - 4 * HOUR });
  ada.seed({ status: "Revoked", createdAt: world.now() - 3 * HOUR });
  ada.seed({ expiresAt: world.now() - 1, createdAt: world.now() - 2 * HOUR });
  ada.seed({ invitee: ada.invitee.toUpperCase(), createdAt: world.now() - HOUR });
  const newest = ada.seed();
  const { outcome, calls } = await world.deliver(ada.event("delete"));
  expect(outcome).toEqual({ outcome: "done", detail: "deleted", invitationId: newest.id });
  expect(calls).toEqual(["list", "delete", "delete", "delete", "delete", "delete"]);
  expect(ada.invitations()).toEqual([]);
});

test("a delete by id takes away that one", async () => {
  const ada = world.person();
  const { id } = ada.seed({ status: "Revoked" });
  const other = ada.seed();
  const { outcome, calls } = await world.deliver(ada.event("delete", { invitationId: id }));
  expect(outcome).toEqual({ outcome: "done", detail: "deleted", invitationId: id });
  expect(calls).toEqual(["get", "delete"]);
  expect(ada.invitations()).toEqual([other]);
});

test("whoever accepted an invitation stays a member", async () => {
  const ada = world.person();
  ada.seed();
  await world.deliver(ada.event("accept"));
  await world.deliver(ada.event("delete"));
  expect(ada.invitations()).toEqual([]);
  expect(ada.isMember()).toBe(true);
});

test("a delete with nothing left to delete is done", async () => {
  const ada = world.person();
  ada.seed();
  const event = ada.event("delete");
  await world.deliver(event);
  const { outcome, calls } = await world.deliver(event, { receiveCount: 2 });
  expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
  expect(calls).toEqual(["list"]);
});

test("a delete leaves what the id names when it is another invitee's or organization's", async () => {
  const ada = world.person();
  const bob = world.person();
  ada.seed();
  const others = [bob.seed(), bob.seed({ invitee: ada.invitee })];
  for (const invitationId of ["unknown", ...others.map(({ id }) => id)]) {
    const { outcome, calls } = await world.deliver(ada.event("delete", { invitationId }));
    expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
    expect(calls).toEqual(["get"]);
  }
  expect(ada.invitations()).toHaveLength(1);
  for (const { id } of others) expect(world.standIn.state.invitations.has(id)).toBe(true);
});

test("a delete goes on when somebody else deletes one of several at that moment", async () => {
  const ada = world.person();
  ada.seed({ status: "Revoked", createdAt: world.now() - HOUR });
  const newest = ada.seed();
  world.whenCalled("delete", () => world.standIn.state.removeInvitation(newest.id));
  const { outcome, calls } = await world.deliver(ada.event("delete"));
  expect(outcome).toMatchObject({ outcome: "done", detail: "deleted" });
  expect(calls).toEqual(["list", "delete", "delete"]);
  expect(ada.invitations()).toEqual([]);
});

test("a redriven delete leaves alone what was created after it was dead-lettered", async () => {
  const ada = world.person();
  const deadLetteredAt = world.now();
  const meant = ada.seed({ status: "Revoked", createdAt: deadLetteredAt });
  const newer = ada.seed({ createdAt: deadLetteredAt + 1 });
  world.advance(HOUR);
  const { outcome, calls } = await world.deliver(ada.event("delete"), { deadLetteredAt });
  expect(outcome).toMatchObject({ detail: "deleted", invitationId: meant.id });
  expect(calls).toEqual(["list", "delete"]);
  expect(ada.invitations()).toEqual([newer]);
});

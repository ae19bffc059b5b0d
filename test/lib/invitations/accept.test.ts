import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidError, ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { HOUR, MINUTE, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const notTheInvitee = { outcome: "reject", reason: "not-the-invitee" };

describe.each([
  ["with the invitation's id", true],
  ["without", false],
])("an accept %s", (_, isNamed) => {
  const look = isNamed ? "get" : "list";
  const naming = (id: string) => (isNamed ? { invitationId: id } : {});

  test("makes the invitee a member with the invitation's roles", async () => {
    const ada = world.person();
    const { id } = ada.seed({ organizationRoleIds: [world.roleIds.admin] });
    const { outcome, calls } = await world.deliver(ada.event("accept", naming(id)));
    expect(outcome).toEqual({ outcome: "done", detail: "accepted", invitationId: id });
    expect(calls).toEqual([look, "status"]);
    expect(world.standIn.state.members.get(ada.organizationId)?.get(ada.userId)).toEqual(
      new Set([world.roleIds.admin]),
    );
  });

  test("finds an invitation in another letter case", async () => {
    const ada = world.person();
    const { id } = ada.seed({ invitee: ada.invitee.toUpperCase() });
    const { outcome } = await world.deliver(ada.event("accept", naming(id)));
    expect(outcome).toMatchObject({ detail: "accepted", invitationId: id });
  });

  test("by a user with another address is rejected, and nobody joins", async () => {
    const ada = world.person();
    const bob = world.person();
    const { id } = ada.seed();
    const data = { ...naming(id), acceptedUserId: bob.userId };
    const { outcome, calls } = await world.deliver(ada.event("accept", data));
    expect(outcome).toMatchObject(notTheInvitee);
    expect(calls).toEqual([look, "status", "get"]);
    expect(ada.isMember()).toBe(false);
    expect(ada.invitations()).toMatchObject([{ status: "Pending" }]);
  });

  test("by a user that Logto does not know yet may come again", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    const event = ada.event("accept", { ...naming(id), acceptedUserId: "newcomer" });
    const { error, calls } = await world.deliver(event);
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(error).toMatchObject({ operation: "invitations.updateStatus" });
    expect(calls).toEqual([look, "status", "get"]);
  });

  test("is done when the same user has accepted it before", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    await world.deliver(ada.event("accept", naming(id)));
    world.advance(MINUTE);
    const { outcome, calls } = await world.deliver(ada.event("accept", naming(id)));
    expect(outcome).toEqual({ outcome: "done", detail: "already-accepted", invitationId: id });
    expect(calls).toEqual([look]);
  });

  test.each([
    ["revoked", { status: "Revoked" }, "invitation-revoked"],
    [
      "accepted by somebody else",
      { status: "Accepted", acceptedUserId: "x" },
      "invitation-accepted",
    ],
    ["expired", { expiresAt: Date.parse("2026-01-01T00:00:00Z") }, "invitation-expired"],
  ] as const)("of an invitation that is %s is rejected", async (_how, fields, reason) => {
    const ada = world.person();
    const { id } = ada.seed(fields);
    const { outcome, calls } = await world.deliver(ada.event("accept", naming(id)));
    expect(outcome).toMatchObject({ outcome: "reject", reason });
    expect(calls).toEqual([look]);
    expect(ada.isMember()).toBe(false);
  });

  test("that somebody revokes at that moment is rejected", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("status", () => {
      world.standIn.state.changeInvitation(id, { status: "Revoked" });
    });
    const { outcome, calls } = await world.deliver(ada.event("accept", naming(id)));
    expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-revoked" });
    expect(calls).toEqual([look, "status", "get"]);
  });

  test("that the same user carries out elsewhere at that moment is done", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("status", () => {
      const change = { status: "Accepted", acceptedUserId: ada.userId } as const;
      world.standIn.state.changeInvitation(id, change);
    });
    const { outcome } = await world.deliver(ada.event("accept", naming(id)));
    expect(outcome).toMatchObject({ outcome: "done", detail: "already-accepted" });
  });

  test("that is deleted before it is accepted, or before it is looked at again, finds none", async () => {
    for (const isLookedAtAgain of [false, true]) {
      const ada = world.person();
      const bob = world.person();
      const { id } = ada.seed();
      const remove = () => world.standIn.state.removeInvitation(id);
      world.whenCalled("status", isLookedAtAgain ? () => world.whenCalled("get", remove) : remove);
      // The wrong user makes it look again.
      const data = { ...naming(id), acceptedUserId: bob.userId };
      const { outcome, calls } = await world.deliver(ada.event("accept", data));
      expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-not-found" });
      expect(calls).toEqual([look, "status", "get"]);
    }
  });

  test("of a machine-to-machine role's invitation can never be", async () => {
    const ada = world.person();
    const { id } = ada.seed({ organizationRoleIds: [world.roleIds.machine] });
    const { error } = await world.deliver(ada.event("accept", naming(id)));
    expect(error).toBeInstanceOf(InvalidError);
    expect(ada.isMember()).toBe(false);
  });
});

test("an accept of an unknown id finds none", async () => {
  const event = world.person().event("accept", { invitationId: "unknown" });
  const { outcome, calls } = await world.deliver(event);
  expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-not-found" });
  expect(calls).toEqual(["get"]);
});

test("an accept whose id is another invitee's or organization's finds none, whoever the user is", async () => {
  const ada = world.person();
  const bob = world.person();
  const others = [bob.seed(), bob.seed({ invitee: ada.invitee })];
  for (const { id } of others) {
    for (const acceptedUserId of [ada.userId, bob.userId]) {
      const event = ada.event("accept", { invitationId: id, acceptedUserId });
      const { outcome, calls } = await world.deliver(event);
      expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-not-found" });
      expect(calls).toEqual(["get"]);
    }
  }
  expect([ada.isMember(), bob.isMember()]).toEqual([false, false]);
});

test("an accept where there is no invitation finds none", async () => {
  const { outcome, calls } = await world.deliver(world.person().event("accept"));
  expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-not-found" });
  expect(calls).toEqual(["list"]);
});

test("an accept finds the pending invitation beside newer and older ended ones", async () => {
  const ada = world.person();
  ada.seed({ status: "Revoked", createdAt: world.now() - 3 * HOUR });
  const { id } = ada.seed({ createdAt: world.now() - 2 * HOUR });
  ada.seed({
    status: "Revoked",
    invitee: ada.invitee.toUpperCase(),
    createdAt: world.now() - HOUR,
  });
  const { outcome } = await world.deliver(ada.event("accept"));
  expect(outcome).toMatchObject({ detail: "accepted", invitationId: id });
});

test("an accept takes the newest of several that are pending by their letter case", async () => {
  const ada = world.person();
  ada.seed({ invitee: ada.invitee.toUpperCase(), createdAt: world.now() - HOUR });
  const { id } = ada.seed();
  const { outcome } = await world.deliver(ada.event("accept"));
  expect(outcome).toMatchObject({ detail: "accepted", invitationId: id });
});

test("an accept of a re-invitation is a new one, though the user accepted an older one", async () => {
  const ada = world.person();
  ada.seed();
  await world.deliver(ada.event("accept"));
  world.standIn.state.members.get(ada.organizationId)?.delete(ada.userId);
  world.advance(HOUR);
  await world.deliver(ada.event("create"));
  const { outcome } = await world.deliver(ada.event("accept"), { receiveCount: 2 });
  expect(outcome).toMatchObject({ detail: "accepted", invitationId: ada.invitations()[1]?.id });
  expect(ada.isMember()).toBe(true);
});

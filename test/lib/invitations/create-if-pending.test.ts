import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "../../support/events.ts";
import { HOUR, openWorld, type Person, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const statuses = (person: Person) => person.invitations().map(({ status }) => status);

describe("a create that meets another pending invitation", () => {
  test.each<[string, Json, "resend" | undefined]>([
    ["is told to keep it", { ifPending: "keep" }, undefined],
    ["is told nothing, by itself or the policy", {}, undefined],
    ["is told to keep it, against the policy", { ifPending: "keep" }, "resend"],
    [
      "is told to send its e-mail again, but has none",
      { ifPending: "resend", message: false },
      undefined,
    ],
  ])("leaves it as it is when it %s", async (_, data, ifPending) => {
    const ada = world.person();
    const pending = ada.seed();
    const policy = ifPending === undefined ? {} : { ifPending };
    const { outcome, calls } = await world.deliver(ada.event("create", data), { policy });
    expect(outcome).toEqual({
      outcome: "done",
      detail: "already-pending",
      invitationId: pending.id,
    });
    expect(calls).toEqual(["create", "list"]);
    expect(ada.invitations()).toEqual([pending]);
    expect(ada.emails()).toEqual([]);
  });

  test("sends the pending one's e-mail again, with this event's message", async () => {
    const ada = world.person();
    const pending = ada.seed();
    const event = ada.event("create", {
      ifPending: "resend",
      message: { link: "https://example.com/{invitationId}", note: "hello" },
    });
    const { outcome, calls } = await world.deliver(event);
    expect(outcome).toEqual({ outcome: "done", detail: "resent", invitationId: pending.id });
    // The create is silent: its link needs an id.
    expect(calls).toEqual(["create", "list", "message"]);
    expect(ada.invitations()).toEqual([pending]);
    expect(ada.emails()).toMatchObject([
      { link: `https://example.com/${pending.id}`, payload: { note: "hello" } },
    ]);
  });

  test("replaces it: the old one is revoked, the new one has its own roles", async () => {
    const ada = world.person();
    const old = ada.seed({ organizationRoleIds: [world.roleIds.member] });
    const event = ada.event("create", { ifPending: "replace", organizationRoleIds: ["admin"] });
    const { outcome, calls } = await world.deliver(event);
    const [first, second] = ada.invitations();
    expect(outcome).toEqual({ outcome: "done", detail: "replaced", invitationId: second?.id });
    expect(calls).toEqual(["create", "list", "status", "create"]);
    expect(first).toMatchObject({ id: old.id, status: "Revoked" });
    expect(second).toMatchObject({
      status: "Pending",
      roleIds: new Set([world.roleIds.admin]),
    });
    expect(ada.emails()).toMatchObject([{ invitationId: second?.id }]);
  });

  test("replaces all that are pending, in whatever letter case", async () => {
    const ada = world.person();
    ada.seed();
    ada.seed({ invitee: ada.invitee.toUpperCase() });
    ada.seed({ invitee: ada.invitee.toUpperCase(), status: "Revoked" });
    const { calls } = await world.deliver(ada.event("create", { ifPending: "replace" }));
    expect(calls).toEqual(["create", "list", "status", "status", "create"]);
    expect(statuses(ada)).toEqual(["Revoked", "Revoked", "Revoked", "Pending"]);
  });

  test("takes the policy's word where it says nothing itself", async () => {
    const ada = world.person();
    ada.seed();
    const policy = { ifPending: "replace" } as const;
    const { outcome } = await world.deliver(ada.event("create"), { policy });
    expect(outcome).toMatchObject({ detail: "replaced" });
  });

  test("that is spelled in another letter case does not see it: Logto takes them for two", async () => {
    const ada = world.person();
    ada.seed({ invitee: ada.invitee.toUpperCase() });
    const { outcome, calls } = await world.deliver(ada.event("create"));
    expect(outcome).toMatchObject({ detail: "created" });
    expect(calls).toEqual(["create"]);
  });

  test("keeps the newest of several", async () => {
    const ada = world.person();
    ada.seed({ invitee: ada.invitee.toUpperCase(), createdAt: world.now() - HOUR });
    const newest = ada.seed();
    const { outcome } = await world.deliver(ada.event("create"));
    expect(outcome).toMatchObject({ detail: "already-pending", invitationId: newest.id });
  });

  test("of its own whose answer was lost is done, without a look beforehand", async () => {
    const ada = world.person();
    const event = ada.event("create");
    await world.deliver(event);
    const { outcome, calls } = await world.deliver(event);
    expect(outcome).toMatchObject({ detail: "already-carried-out" });
    expect(calls).toEqual(["create", "list"]);
    expect(ada.emails()).toHaveLength(1);
  });

  test("does not replace its own", async () => {
    const ada = world.person();
    const event = ada.event("create", { ifPending: "replace" });
    await world.deliver(event);
    const { outcome, calls } = await world.deliver(event);
    expect(outcome).toMatchObject({ detail: "already-carried-out" });
    expect(calls).toEqual(["create", "list"]);
    expect(statuses(ada)).toEqual(["Pending"]);
  });
});

describe("a pending invitation that changes while a create looks at it", () => {
  const changed = { outcome: "retry", reason: "changed-meanwhile" };

  test.each([
    ["is revoked", "Revoked" as const],
    ["is accepted, without the user being a member yet", "Accepted" as const],
  ])("makes the create come again when it %s before the look", async (_, status) => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("list", () => world.standIn.state.changeInvitation(id, { status }));
    const { outcome, calls } = await world.deliver(ada.event("create"));
    expect(outcome).toMatchObject(changed);
    expect(calls).toEqual(["create", "list"]);
  });

  test("makes the create come again when it is deleted before the look", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("list", () => world.standIn.state.removeInvitation(id));
    const event = ada.event("create");
    expect((await world.deliver(event)).outcome).toMatchObject(changed);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ detail: "created" });
    expect(again.calls).toEqual(["list", "create"]);
  });

  test.each([
    ["was revoked by somebody else", "Revoked" as const],
    ["was accepted by somebody who is no member", "Accepted" as const],
  ])("is replaced all the same when it %s before it could be revoked", async (_, status) => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("status", () => world.standIn.state.changeInvitation(id, { status }));
    const { outcome, calls } = await world.deliver(ada.event("create", { ifPending: "replace" }));
    expect(outcome).toMatchObject({ detail: "replaced" });
    expect(calls).toEqual(["create", "list", "status", "get", "create"]);
    expect(statuses(ada)).toEqual([status, "Pending"]);
  });

  test("was deleted before it could be revoked: the create goes on", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("status", () => world.standIn.state.removeInvitation(id));
    const { outcome, calls } = await world.deliver(ada.event("create", { ifPending: "replace" }));
    expect(outcome).toMatchObject({ detail: "replaced" });
    expect(calls).toEqual(["create", "list", "status", "create"]);
  });

  test("was accepted before it could be revoked: the invitee is a member, and is not invited", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    world.whenCalled("status", () => {
      world.standIn.state.changeInvitation(id, {
        status: "Accepted",
        acceptedUserId: ada.userId,
      });
      world.standIn.state.members.set(ada.organizationId, new Map([[ada.userId, new Set()]]));
    });
    const { outcome } = await world.deliver(ada.event("create", { ifPending: "replace" }));
    expect(outcome).toEqual({ outcome: "done", detail: "already-a-member" });
    expect(statuses(ada)).toEqual(["Accepted"]);
  });

  test("came back after it was revoked for a replacement: the create comes again", async () => {
    const ada = world.person();
    ada.seed();
    world.whenCalled("status", () => {
      world.whenCalled("create", () => ada.seed());
    });
    const event = ada.event("create", { ifPending: "replace" });
    expect((await world.deliver(event)).outcome).toMatchObject(changed);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ detail: "replaced" });
    expect(again.calls).toEqual(["list", "create", "list", "status", "create"]);
    expect(statuses(ada)).toEqual(["Revoked", "Revoked", "Pending"]);
  });
});

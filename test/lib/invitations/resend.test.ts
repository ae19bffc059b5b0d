import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY, HOUR, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const notFound = { outcome: "reject", reason: "invitation-not-found" };

describe("a resend of a pending invitation", () => {
  test.each([
    ["", "list"],
    [" that names it by id", "get"],
  ])("%s sends its e-mail again and changes nothing", async (how, look) => {
    const ada = world.person();
    const pending = ada.seed();
    const before = structuredClone(pending);
    const data = how === "" ? {} : { invitationId: pending.id };
    const { outcome, calls } = await world.deliver(ada.event("resend", data));
    expect(outcome).toEqual({ outcome: "done", detail: "resent", invitationId: pending.id });
    expect(calls).toEqual([look, "message"]);
    expect(ada.invitations()).toEqual([before]);
    expect(ada.emails()).toMatchObject([{ to: ada.invitee, invitationId: pending.id }]);
  });

  test("finds the newest pending one, in any letter case, behind newer ended ones", async () => {
    const ada = world.person();
    ada.seed({ createdAt: world.now() - 4 * HOUR });
    const meant = ada.seed({
      invitee: ada.invitee.toUpperCase(),
      createdAt: world.now() - 3 * HOUR,
    });
    ada.seed({ status: "Revoked", createdAt: world.now() - 2 * HOUR });
    const { outcome } = await world.deliver(ada.event("resend"));
    expect(outcome).toMatchObject({ detail: "resent", invitationId: meant.id });
  });

  test("fills the link at no extra call, its id included", async () => {
    const ada = world.person();
    const { id } = ada.seed();
    const message = { link: "https://example.com/{organizationId}/{invitationId}" };
    const { calls } = await world.deliver(ada.event("resend", { message }));
    expect(calls).toEqual(["list", "message"]);
    expect(ada.emails()).toMatchObject([
      { link: `https://example.com/${ada.organizationId}/${id}` },
    ]);
  });

  test("fetches a new one-time token", async () => {
    const ada = world.person();
    ada.seed();
    const message = { link: "https://example.com/{oneTimeToken}" };
    const { calls } = await world.deliver(ada.event("resend", { message }));
    expect(calls).toEqual(["list", "one-time token", "message"]);
    expect(ada.emails()[0]?.link).not.toContain("{");
  });

  test("says what the policy says where the event says nothing", async () => {
    const ada = world.person();
    ada.seed();
    const policy = { variables: { locale: "sv", team: "Acme" } };
    await world.deliver(ada.event("resend", { message: { locale: "de" } }), { policy });
    expect(ada.emails()).toMatchObject([{ locale: "de", payload: { team: "Acme" } }]);
  });

  test("sends an e-mail also where the deployment sends none by itself", async () => {
    const ada = world.person();
    ada.seed();
    const policy = { sendsEmail: false, variables: { link: "https://example.com/join" } };
    const { calls } = await world.deliver(ada.event("resend"), { policy });
    expect(calls).toEqual(["list", "message"]);
    expect(ada.emails()).toMatchObject([policy.variables]);
  });
});

describe("a resend of an expired invitation", () => {
  test("renews it with its roles and inviter, for the policy's lifetime", async () => {
    const ada = world.person();
    const bob = world.person();
    const expired = ada.seed({
      expiresAt: world.now() - 1,
      inviterId: bob.userId,
      organizationRoleIds: [world.roleIds.member, world.roleIds.admin],
    });
    const policy = { expirySeconds: DAY / 1000 };
    const { outcome, calls } = await world.deliver(ada.event("resend"), { policy });
    const [, renewed] = ada.invitations();
    expect(outcome).toEqual({ outcome: "done", detail: "renewed", invitationId: renewed?.id });
    expect(calls).toEqual(["list", "create"]);
    expect(renewed).toMatchObject({
      invitee: ada.invitee,
      inviterId: bob.userId,
      roleIds: expired.roleIds,
      status: "Pending",
    });
    expect(Math.floor((renewed?.expiresAt ?? 0) / 1000)).toBe(
      Math.floor((world.now() + DAY) / 1000),
    );
    expect(ada.emails()).toMatchObject([{ invitationId: renewed?.id }]);
  });

  test("renews it for a year where the policy says so", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1 });
    const policy = { expirySeconds: (366 * DAY) / 1000 };
    const { outcome } = await world.deliver(ada.event("resend"), { policy });
    expect(outcome).toMatchObject({ detail: "renewed" });
  });

  test("renews it in lower case, however it was spelled", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1, invitee: ada.invitee.toUpperCase() });
    await world.deliver(ada.event("resend"));
    expect(ada.invitations().map(({ invitee }) => invitee)).toEqual([
      ada.invitee.toUpperCase(),
      ada.invitee,
    ]);
  });

  test("leaves a role out that was deleted since", async () => {
    world.standIn.seed({ roles: [{ id: "role-brief", name: "brief" }] });
    const ada = world.person();
    ada.seed({
      expiresAt: world.now() - 1,
      organizationRoleIds: [world.roleIds.member, "role-brief"],
    });
    world.standIn.state.roles.delete("role-brief");
    await world.deliver(ada.event("resend"));
    expect(ada.invitations()[1]?.roleIds).toEqual(new Set([world.roleIds.member]));
  });

  test("renews the newest of several", async () => {
    const ada = world.person();
    const ended = { expiresAt: world.now() - 1 };
    ada.seed({ ...ended, createdAt: world.now() - 2 * HOUR });
    ada.seed({
      ...ended,
      createdAt: world.now() - HOUR,
      organizationRoleIds: [world.roleIds.admin],
    });
    await world.deliver(ada.event("resend"));
    expect(ada.invitations()[2]?.roleIds).toEqual(new Set([world.roleIds.admin]));
  });

  test("that is named by id takes one look more: it may have been renewed", async () => {
    const ada = world.person();
    const { id } = ada.seed({ expiresAt: world.now() - 1 });
    const renewed = await world.deliver(ada.event("resend", { invitationId: id }));
    expect(renewed.outcome).toMatchObject({ detail: "renewed" });
    expect(renewed.calls).toEqual(["get", "list", "create"]);
    const again = await world.deliver(ada.event("resend", { invitationId: id }));
    expect(again.outcome).toMatchObject({
      detail: "resent",
      invitationId: ada.invitations()[1]?.id,
    });
    expect(again.calls).toEqual(["get", "list", "message"]);
  });

  test("creates silently and then mails where the link needs the id", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1 });
    const message = { link: "https://example.com/{invitationId}" };
    const { outcome, calls } = await world.deliver(ada.event("resend", { message }));
    expect(outcome).toMatchObject({ detail: "renewed" });
    expect(calls).toEqual(["list", "create", "message"]);
    expect(ada.emails()).toMatchObject([
      { link: `https://example.com/${ada.invitations()[1]?.id}` },
    ]);
  });

  test("is done for somebody who became a member meanwhile", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1 });
    world.standIn.state.members.set(ada.organizationId, new Map([[ada.userId, new Set()]]));
    const { outcome, calls } = await world.deliver(ada.event("resend"));
    expect(outcome).toEqual({ outcome: "done", detail: "already-a-member" });
    expect(calls).toEqual(["list", "create"]);
  });

  test("comes again when somebody else invites the same person at that moment", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1 });
    world.whenCalled("create", () => ada.seed());
    const event = ada.event("resend");
    const { outcome } = await world.deliver(event);
    expect(outcome).toMatchObject({ outcome: "retry", reason: "changed-meanwhile" });
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({
      detail: "resent",
      invitationId: ada.invitations()[1]?.id,
    });
  });

  test("comes too late when its own renewal would have expired", async () => {
    const ada = world.person();
    ada.seed({ createdAt: world.now() - 2 * HOUR, expiresAt: world.now() - HOUR });
    const event = ada.event("resend");
    world.advance(8 * DAY);
    const { outcome, calls } = await world.deliver(event);
    expect(outcome).toMatchObject({ outcome: "reject", reason: "expired" });
    expect(calls).toEqual(["list"]);
  });

  test("that waited in the queue while it expired is renewed: no e-mail has gone out", async () => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() + HOUR });
    const event = ada.event("resend");
    world.advance(2 * HOUR);
    const { outcome } = await world.deliver(event);
    expect(outcome).toMatchObject({ detail: "renewed" });
  });
});

describe("a resend that cannot be", () => {
  test("is rejected where there is no invitation", async () => {
    const { outcome, calls } = await world.deliver(world.person().event("resend"));
    expect(outcome).toMatchObject(notFound);
    expect(calls).toEqual(["list"]);
  });

  test.each([
    ["Revoked" as const, "invitation-revoked"],
    ["Accepted" as const, "invitation-accepted"],
  ])("is rejected where the last one is %s, and mails no dead link", async (status, reason) => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() - 1, createdAt: world.now() - HOUR });
    const { id } = ada.seed({ status });
    for (const data of [{}, { invitationId: id }]) {
      const { outcome } = await world.deliver(ada.event("resend", data));
      expect(outcome).toMatchObject({ outcome: "reject", reason });
    }
    expect(ada.emails()).toEqual([]);
    expect(ada.invitations()).toHaveLength(2);
  });

  test("is rejected when the id is unknown, another invitee's or another organization's", async () => {
    const ada = world.person();
    const bob = world.person();
    ada.seed();
    const elsewhere = bob.seed({ invitee: ada.invitee });
    for (const invitationId of ["unknown", bob.seed().id, elsewhere.id]) {
      const { outcome, calls } = await world.deliver(ada.event("resend", { invitationId }));
      expect(outcome).toMatchObject(notFound);
      expect(calls).toEqual(["get"]);
    }
    expect([...ada.emails(), ...bob.emails()]).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEvent } from "../../../lib/events/parse.ts";
import { fingerprint } from "../../../lib/invitations/expiry.ts";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { DAY, HOUR, MINUTE, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe("a create that nothing stands in the way of", () => {
  test("is one call, with e-mail, and says which invitation it made", async () => {
    const ada = world.person();
    const { outcome, calls } = await world.deliver(ada.event("create"));
    const [invitation, ...others] = ada.invitations();
    expect(others).toEqual([]);
    expect(outcome).toEqual({
      outcome: "done",
      detail: "created",
      invitationId: invitation?.id,
    });
    expect(calls).toEqual(["create"]);
    expect(ada.emails()).toMatchObject([{ to: ada.invitee, invitationId: invitation?.id }]);
  });

  test("carries roles and inviter", async () => {
    const ada = world.person();
    const bob = world.person();
    const organizationRoleIds = [world.roleIds.member, "admin"];
    await world.deliver(ada.event("create", { organizationRoleIds, inviterId: bob.userId }));
    expect(ada.invitations()).toMatchObject([
      {
        inviterId: bob.userId,
        roleIds: new Set([world.roleIds.member, world.roleIds.admin]),
        status: "Pending",
      },
    ]);
  });

  test("invites the address in lower case, however it is spelled", async () => {
    const ada = world.person();
    const spelled = `  ${ada.invitee.toUpperCase()} `;
    await world.deliver(ada.event("create", { invitee: spelled }));
    const again = await world.deliver(ada.event("create", { invitee: spelled }));
    expect(ada.invitations()).toMatchObject([{ invitee: ada.invitee }]);
    expect(again.outcome).toMatchObject({ detail: "already-pending" });
  });

  test("works again after the last invitation expired, was revoked or was deleted", async () => {
    const ada = world.person();
    await world.deliver(ada.event("create", { expiresIn: "PT1H" }));
    world.advance(2 * HOUR);
    const afterExpiry = await world.deliver(ada.event("create"));
    await world.deliver(ada.event("revoke"));
    const afterRevoke = await world.deliver(ada.event("create"));
    await world.deliver(ada.event("delete"));
    const afterDelete = await world.deliver(ada.event("create"));
    for (const { outcome, calls } of [afterExpiry, afterRevoke, afterDelete]) {
      expect(outcome).toMatchObject({ outcome: "done", detail: "created" });
      expect(calls).toEqual(["create"]);
    }
  });

  test("does not look at the invitee's other organizations", async () => {
    const ada = world.person();
    const other = world.person();
    other.seed({ invitee: ada.invitee });
    const { outcome, calls } = await world.deliver(ada.event("create"));
    expect(outcome).toMatchObject({ detail: "created" });
    expect(calls).toEqual(["create"]);
  });
});

describe("a create for somebody who is a member", () => {
  test("is done, with one call and no e-mail", async () => {
    const ada = world.person();
    await world.deliver(ada.event("create"));
    await world.deliver(ada.event("accept"));
    const { outcome, calls } = await world.deliver(ada.event("create"));
    expect(outcome).toEqual({ outcome: "done", detail: "already-a-member" });
    expect(calls).toEqual(["create"]);
    expect(ada.emails()).toHaveLength(1);
  });
});

describe("the roles of a create", () => {
  test("are named by id or name, and the same one twice is one", async () => {
    const ada = world.person();
    const organizationRoleIds = ["member", world.roleIds.member, "member", "admin"];
    const { calls } = await world.deliver(ada.event("create", { organizationRoleIds }));
    expect(calls).toEqual(["create"]);
    expect(ada.invitations()[0]?.roleIds).toEqual(
      new Set([world.roleIds.member, world.roleIds.admin]),
    );
  });

  test("are compared in their exact letter case", async () => {
    const ada = world.person();
    const { error } = await world.deliver(ada.event("create", { organizationRoleIds: ["Member"] }));
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
  });

  test("go by id before they go by name", async () => {
    world.standIn.seed({ roles: [{ id: "role-decoy", name: "role-late" }] });
    world.standIn.seed({ roles: [{ id: "role-late", name: "late" }] });
    const ada = world.person();
    world.advance(1);
    await world.deliver(ada.event("create", { organizationRoleIds: ["role-late"] }));
    expect(ada.invitations()[0]?.roleIds).toEqual(new Set(["role-late"]));
  });

  test("that are unknown cost one look, invite nobody and may come again later", async () => {
    const ada = world.person();
    world.advance(1);
    const event = ada.event("create", { organizationRoleIds: ["member", "billing"] });
    const { error, calls } = await world.deliver(event);
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(error).toHaveProperty(
      "message",
      'no organization role has the id or name "billing" (GET /api/organization-roles)',
    );
    expect(calls).toEqual(["roles"]);
    expect(ada.invitations()).toEqual([]);

    world.advance(MINUTE);
    world.standIn.seed({ roles: [{ id: "role-billing", name: "billing" }] });
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ detail: "created" });
    expect(again.calls).toEqual(["list", "roles", "create"]);
  });

  test("that are unknown and look like an address are not quoted", async () => {
    const ada = world.person();
    const organizationRoleIds = ["ada@example.com"];
    const { error } = await world.deliver(ada.event("create", { organizationRoleIds }));
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(String(error)).not.toContain("ada@");
  });

  test.each(["role-machine", "machine"])(
    "cannot be for machine-to-machine apps: %s is rejected before Logto is asked",
    async (reference) => {
      const ada = world.person();
      const organizationRoleIds = ["member", reference];
      const { outcome, calls } = await world.deliver(ada.event("create", { organizationRoleIds }));
      expect(outcome).toEqual({
        outcome: "reject",
        reason: "machine-to-machine-role",
        sentence: `The role "${reference}" is for machine-to-machine apps: name a role for users.`,
      });
      expect(calls).toEqual([]);
    },
  );

  test("that were made again under their name since the directory was read are found at once", async () => {
    const ada = world.person();
    world.standIn.seed({ roles: [{ id: "role-early", name: "early" }] });
    world.advance(1);
    await world.deliver(world.person().event("create", { organizationRoleIds: ["early"] }));
    world.standIn.state.roles.delete("role-early");
    world.standIn.seed({ roles: [{ id: "role-early-2", name: "early" }] });
    const event = ada.event("create", { organizationRoleIds: ["early"] });
    const { outcome, calls } = await world.deliver(event);
    expect(outcome).toMatchObject({ detail: "created" });
    expect(calls).toEqual(["create", "roles", "create"]);
    expect(ada.invitations()[0]?.roleIds).toEqual(new Set(["role-early-2"]));
    expect(ada.emails()).toHaveLength(1);
  });

  test("that were deleted since the directory was read are for Logto to refuse, and looked for once more", async () => {
    world.standIn.seed({ roles: [{ id: "role-brief", name: "brief" }] });
    const ada = world.person();
    const bob = world.person();
    world.advance(1);
    await world.deliver(ada.event("create", { organizationRoleIds: ["brief"] }));
    world.standIn.state.roles.delete("role-brief");
    const event = bob.event("create", { organizationRoleIds: ["brief"] });
    const { error, calls } = await world.deliver(event);
    expect(error).toBeInstanceOf(ReferenceNotFoundError);
    expect(calls).toEqual(["create", "roles"]);
  });
});

test.each([
  ["organization", { organizationId: "nowhere" }],
  ["inviter", { inviterId: "nobody" }],
])("an unknown %s may be on its way: the create may come again", async (_, data) => {
  const { error, calls } = await world.deliver(world.person().event("create", data));
  expect(error).toBeInstanceOf(ReferenceNotFoundError);
  expect(calls).toEqual(["create"]);
});

describe("the expiry of a create", () => {
  test("is the event's time plus its lifetime to the second, then the event's fingerprint", async () => {
    const ada = world.person();
    const time = new Date(world.now() - 1_234).toISOString();
    const event = ada.event("create", { expiresIn: "PT2H" }, { time });
    await world.deliver(event);
    const second = Math.floor((Date.parse(time) + 2 * HOUR) / 1000) * 1000;
    const own = fingerprint({ source: String(event["source"]), id: String(event["id"]) });
    expect(ada.invitations()).toMatchObject([{ expiresAt: second + own }]);
  });

  test("is a week where neither event nor policy says otherwise, and the policy's where it does", async () => {
    const ada = world.person();
    const bob = world.person();
    await world.deliver(ada.event("create"));
    await world.deliver(bob.event("create"), { policy: { expirySeconds: 3600 } });
    const lifetimes = [ada, bob].map(
      (person) => (person.invitations()[0]?.expiresAt ?? 0) - world.now(),
    );
    expect(lifetimes.map((ms) => Math.round(ms / MINUTE))).toEqual([7 * 24 * 60, 60]);
  });

  test("counts from when an event without time was sent, or first sent if it was redriven", async () => {
    const ada = world.person();
    const bob = world.person();
    const sentAt = world.now() - 2 * MINUTE;
    const untimed = { time: undefined };
    await world.deliver(ada.event("create", { expiresIn: 3600 }, untimed), { sentAt });
    await world.deliver(bob.event("create", { expiresIn: 3600 }, untimed), {
      sentAt,
      firstSentAt: sentAt - 5 * MINUTE,
      deadLetteredAt: sentAt - MINUTE,
    });
    const secondOf = (ms: number) => Math.floor(ms / 1000);
    expect(secondOf(ada.invitations()[0]?.expiresAt ?? 0)).toBe(secondOf(sentAt + HOUR));
    expect(secondOf(bob.invitations()[0]?.expiresAt ?? 0)).toBe(
      secondOf(sentAt - 5 * MINUTE + HOUR),
    );
  });

  test.each([
    ["event", { expiresIn: "P366D" }, {}],
    ["policy", {}, { expirySeconds: (366 * DAY) / 1000 }],
  ])("may be a year ahead, whatever the fingerprint: the %s says so", async (_, data, policy) => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const { outcome } = await world.deliver(world.person().event("create", data), { policy });
      expect(outcome).toMatchObject({ detail: "created" });
    }
  });

  test("that has passed rejects the event without a call", async () => {
    const ada = world.person();
    const event = ada.event("create", { expiresIn: "PT1H" });
    world.advance(HOUR + 1_000);
    const { outcome, calls } = await world.deliver(event);
    expect(outcome).toMatchObject({ outcome: "reject", reason: "expired" });
    expect(calls).toEqual([]);
  });

  test("that was given in the past rejects the event without a call", async () => {
    const { outcome, calls } = await world.deliver(
      world.person().event("create", { expiresAt: "1999-12-31T23:59:59Z" }),
    );
    expect(outcome).toEqual({
      outcome: "reject",
      reason: "expired",
      sentence: expect.stringMatching(/^The invitation expired at 1999-12-31T23:59:59\.\d{3}Z/),
    });
    expect(calls).toEqual([]);
  });

  test.each([
    ["years ahead", 2 * 366 * DAY],
    ["at the end of time", 8_640_000_000_000_000 - Date.parse("2026-03-01T12:00:00Z")],
  ])("that is %s rejects the event without a call", async (_, ahead) => {
    const expiresAt = Date.parse("2026-03-01T12:00:00Z") + ahead;
    const { outcome, calls } = await world.deliver(world.person().event("create", { expiresAt }));
    expect(outcome).toMatchObject({ outcome: "reject", reason: "invalid-data" });
    expect(calls).toEqual([]);
  });

  test("is not taken in seconds", () => {
    const event = world.person().event("create", { expiresAt: Math.floor(world.now() / 1000) });
    expect(parseEvent(event)).toMatchObject({ ok: false, reason: "invalid-data" });
  });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR, MINUTE, openWorld, type Person, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const statuses = (person: Person) => person.invitations().map(({ status }) => status);

test("a redriven revoke after a newer create", async () => {
  const ada = world.person();
  await world.deliver(ada.event("create"));
  const revoke = ada.event("revoke");
  const deadLetteredAt = world.now() + MINUTE;
  world.advance(HOUR);
  await world.deliver(ada.event("create", { ifPending: "replace" }));
  world.advance(HOUR);
  const { outcome } = await world.deliver(revoke, { sentAt: world.now(), deadLetteredAt });
  expect(outcome).toMatchObject({ outcome: "done", detail: "already-ended" });
  expect(statuses(ada)).toEqual(["Revoked", "Pending"]);
});

test("a redriven accept after a newer create", async () => {
  const ada = world.person();
  const accept = ada.event("accept");
  const deadLetteredAt = world.now() + MINUTE;
  world.advance(HOUR);
  await world.deliver(ada.event("create"));
  const { outcome } = await world.deliver(accept, { sentAt: world.now(), deadLetteredAt });
  expect(outcome).toMatchObject({ outcome: "reject", reason: "invitation-not-found" });
  expect(ada.isMember()).toBe(false);
});

test("a redriven resend after a newer create", async () => {
  const ada = world.person();
  const resend = ada.event("resend");
  const deadLetteredAt = world.now() + MINUTE;
  world.advance(HOUR);
  await world.deliver(ada.event("create", { message: false }));
  const { outcome } = await world.deliver(resend, { sentAt: world.now(), deadLetteredAt });
  expect(outcome).toMatchObject({ outcome: "done", detail: "already-pending" });
  expect(ada.emails()).toEqual([]);
});

test("a redriven resend of an expired invitation, after a newer create", async () => {
  const ada = world.person();
  ada.seed({ createdAt: world.now() - 2 * HOUR, expiresAt: world.now() - HOUR });
  const resend = ada.event("resend");
  const deadLetteredAt = world.now() + MINUTE;
  world.advance(HOUR);
  await world.deliver(ada.event("create"));
  const { outcome, calls } = await world.deliver(resend, {
    sentAt: world.now(),
    deadLetteredAt,
  });
  expect(outcome).toMatchObject({ outcome: "done", detail: "already-pending" });
  expect(calls).toEqual(["list"]);
  expect(statuses(ada)).toEqual(["Pending", "Pending"]);
});

test.each(["keep", "resend", "replace"])(
  "a redriven create (%s) after a newer create",
  async (ifPending) => {
    const ada = world.person();
    const event = ada.event("create", { ifPending });
    const deadLetteredAt = world.now() + MINUTE;
    world.advance(HOUR);
    await world.deliver(ada.event("create", { message: false }));
    const { outcome } = await world.deliver(event, { sentAt: world.now(), deadLetteredAt });
    expect(outcome).toMatchObject({ outcome: "done", detail: "already-pending" });
    expect(statuses(ada)).toEqual(["Pending"]);
    expect(ada.emails()).toEqual([]);
  },
);

test.each([
  ["expired", "created", ["Pending", "Pending"]],
  ["was revoked", "was-already-pending", ["Revoked"]],
])(
  "a create redriven after the invitation that was pending when it was asked for %s",
  async (how, detail, expected) => {
    const ada = world.person();
    ada.seed({ expiresAt: world.now() + HOUR });
    const event = ada.event("create", { organizationRoleIds: [`unknown-${how}`] });
    expect((await world.deliver(event)).error).toMatchObject({ meaning: "reference-not-found" });
    const deadLetteredAt = world.now() + MINUTE;
    if (how === "was revoked") {
      world.advance(10 * MINUTE);
      await world.deliver(ada.event("revoke"));
    }
    world.advance(2 * HOUR);
    world.standIn.seed({ roles: [{ name: `unknown-${how}` }] });
    const { outcome } = await world.deliver(event, { sentAt: world.now(), deadLetteredAt });
    expect(outcome).toMatchObject({ outcome: "done", detail });
    expect(statuses(ada)).toEqual(expected);
  },
);

test("an event redriven after its expiry", async () => {
  const ada = world.person();
  const event = ada.event("create", { expiresIn: "PT1H" });
  const deadLetteredAt = world.now() + MINUTE;
  world.advance(2 * HOUR);
  const { outcome, calls } = await world.deliver(event, {
    sentAt: world.now(),
    deadLetteredAt,
  });
  expect(outcome).toMatchObject({ outcome: "reject", reason: "expired" });
  expect(calls).toEqual([]);
});

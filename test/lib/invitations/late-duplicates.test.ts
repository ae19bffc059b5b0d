import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR, MINUTE, openWorld, type Person, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const statuses = (person: Person) => person.invitations().map(({ status }) => status);

const TWO_STEPS = { message: { link: "https://example.com/{invitationId}" } };

test.each([
  ["sent again hours later", () => ({ sentAt: world.now() })],
  ["the same message, once more", () => ({ sentAt: world.now() - 2 * HOUR, receiveCount: 2 })],
  ["redriven", () => ({ sentAt: world.now(), deadLetteredAt: world.now() - HOUR })],
])("a late duplicate after a revoke: %s", async (_, delivery) => {
  const ada = world.person();
  const event = ada.event("create", TWO_STEPS);
  await world.deliver(event);
  world.advance(HOUR);
  await world.deliver(ada.event("revoke"));
  world.advance(HOUR);
  const { outcome, calls } = await world.deliver(event, delivery());
  expect(outcome).toMatchObject({ outcome: "done", detail: "already-carried-out" });
  expect(calls).toEqual(["list"]);
  expect(statuses(ada)).toEqual(["Revoked"]);
  expect(ada.emails()).toHaveLength(1);
});

test.each(["keep", "resend"])(
  "a late duplicate of a create that had kept another invitation (%s), after that one was revoked",
  async (ifPending) => {
    const ada = world.person();
    await world.deliver(ada.event("create"));
    world.advance(MINUTE);
    const event = ada.event("create", { ifPending });
    await world.deliver(event);
    world.advance(HOUR);
    await world.deliver(ada.event("revoke"));
    world.advance(HOUR);
    const { outcome, calls } = await world.deliver(event, { sentAt: world.now() });
    expect(outcome).toMatchObject({ outcome: "done", detail: "was-already-pending" });
    expect(calls).toEqual(["list"]);
    expect(statuses(ada)).toEqual(["Revoked"]);
  },
);

test("a late duplicate of a create that had kept one asked for in the same moment, after its revoke", async () => {
  const ada = world.person();
  const first = ada.event("create");
  world.advance(50);
  const second = ada.event("create");
  world.advance(150);
  await world.deliver(first);
  await world.deliver(second);
  world.advance(HOUR);
  await world.deliver(ada.event("revoke"));
  world.advance(HOUR);
  const { outcome } = await world.deliver(second, { sentAt: world.now() });
  expect(outcome).toMatchObject({ outcome: "done", detail: "was-already-pending" });
  expect(statuses(ada)).toEqual(["Revoked"]);
});

test("a late duplicate of a resend, after a second invitation expired as well", async () => {
  const ada = world.person();
  await world.deliver(ada.event("create", { expiresIn: "PT1H" }));
  world.advance(10 * MINUTE);
  const event = ada.event("resend");
  await world.deliver(event);
  world.advance(2 * HOUR);
  await world.deliver(ada.event("create", { expiresIn: "PT1H" }));
  world.advance(2 * HOUR);
  const { outcome } = await world.deliver(event, { sentAt: world.now() });
  expect(outcome).toMatchObject({ outcome: "reject", reason: "expired" });
  expect(ada.invitations()).toHaveLength(2);
});

test("a late duplicate of a resend after expiry", async () => {
  const ada = world.person();
  await world.deliver(ada.event("create", { expiresIn: "PT1H" }));
  const event = ada.event("resend");
  await world.deliver(event);
  world.advance(2 * HOUR);
  const { outcome, calls } = await world.deliver(event, { sentAt: world.now() });
  expect(outcome).toMatchObject({ outcome: "reject", reason: "expired" });
  expect(calls).toEqual(["list"]);
  expect(statuses(ada)).toEqual(["Pending"]);
  expect(ada.emails()).toHaveLength(2);
});

test("a late duplicate of an accept, after the member left and was invited again", async () => {
  const ada = world.person();
  await world.deliver(ada.event("create"));
  const event = ada.event("accept");
  await world.deliver(event);
  world.standIn.state.members.get(ada.organizationId)?.delete(ada.userId);
  world.advance(HOUR);
  await world.deliver(ada.event("create"));
  const { outcome } = await world.deliver(event, { sentAt: world.now() });
  expect(outcome).toMatchObject({ outcome: "done", detail: "already-accepted" });
  expect(ada.isMember()).toBe(false);
});

test("a late duplicate of an accept that had found the invitation accepted", async () => {
  const ada = world.person();
  ada.seed({ status: "Accepted", acceptedUserId: ada.userId });
  world.advance(1_000);
  const event = ada.event("accept");
  await world.deliver(event);
  world.advance(HOUR);
  await world.deliver(ada.event("create"));
  const { outcome } = await world.deliver(event, { sentAt: world.now() });
  expect(outcome).toMatchObject({ outcome: "done", detail: "already-accepted" });
  expect(ada.isMember()).toBe(false);
});

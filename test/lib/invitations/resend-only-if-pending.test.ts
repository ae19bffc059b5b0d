import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SeedInvitation } from "../../../local/logto/seed.ts";
import type { Json } from "../../support/events.ts";
import { HOUR, MINUTE, openWorld, type Person, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const reminder = (person: Person, data: Json = {}): Json =>
  person.event("resend", { onlyIfPending: true, ...data });

/** Whether the reminder names its invitation by id, and how it looks for it then. */
const namings = [
  ["without an id", false, "list"],
  ["by its id", true, "get"],
] as const;

describe.each(namings)("a reminder %s", (_, isById, look) => {
  const about = (person: Person, { id }: { readonly id: string }): Json =>
    reminder(person, isById ? { invitationId: id } : {});

  test("of a pending invitation mails it once, with two calls", async () => {
    const ada = world.person();
    const pending = ada.seed();
    const { outcome, calls } = await world.deliver(about(ada, pending));
    expect(outcome).toEqual({ outcome: "done", detail: "resent", invitationId: pending.id });
    expect(calls).toEqual([look, "message"]);
    expect(ada.emails()).toMatchObject([{ to: ada.invitee, invitationId: pending.id }]);
    expect(ada.invitations()).toHaveLength(1);
  });

  test.each<[string, (now: number) => Partial<SeedInvitation>]>([
    ["accepted", () => ({ status: "Accepted" })],
    ["revoked", () => ({ status: "Revoked" })],
    ["expired", (now) => ({ createdAt: now - HOUR, expiresAt: now - 1 })],
  ])("of one that was %s mails nothing, renews nothing and is done", async (_ended, fields) => {
    const ada = world.person();
    const ended = ada.seed(fields(world.now()));
    const before = structuredClone(ended);
    const event = about(ada, ended);
    const outcome = { outcome: "done", detail: "no-longer-pending", invitationId: ended.id };
    for (const receiveCount of [1, 2]) {
      const delivered = await world.deliver(event, { receiveCount });
      expect(delivered).toEqual({ outcome, calls: [look] });
    }
    const late = await world.deliver(event, { sentAt: world.now() + 10 * MINUTE });
    expect(late).toEqual({ outcome, calls: [look] });
    expect(ada.emails()).toEqual([]);
    expect(ada.invitations()).toEqual([before]);
  });

  test("of one that Logto does not hold is done with a look", async () => {
    const ada = world.person();
    const { outcome, calls } = await world.deliver(about(ada, { id: "unknown" }));
    expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
    expect(calls).toEqual([look]);
  });

  test("of one that expired while it waited in the queue is done", async () => {
    const ada = world.person();
    const event = about(ada, ada.seed({ expiresAt: world.now() + HOUR }));
    world.advance(2 * HOUR);
    const { outcome } = await world.deliver(event);
    expect(outcome).toMatchObject({ outcome: "done", detail: "no-longer-pending" });
    expect(ada.emails()).toEqual([]);
  });

  test("that was redriven leaves what was created since alone", async () => {
    const ada = world.person();
    const event = about(ada, ada.seed({ status: "Revoked" }));
    const deadLetteredAt = world.now() + MINUTE;
    world.advance(HOUR);
    ada.seed();
    const { outcome } = await world.deliver(event, { sentAt: world.now(), deadLetteredAt });
    expect(outcome).toMatchObject({ outcome: "done" });
    expect(ada.emails()).toEqual([]);
  });

  test("that was redriven mails what is pending still", async () => {
    const ada = world.person();
    const event = about(ada, ada.seed());
    const deadLetteredAt = world.now() + MINUTE;
    world.advance(HOUR);
    const { outcome } = await world.deliver(event, { sentAt: world.now(), deadLetteredAt });
    expect(outcome).toMatchObject({ detail: "resent" });
    expect(ada.emails()).toHaveLength(1);
  });
});

test("a reminder without an id is of the newest pending one, whatever ended beside it", async () => {
  const ada = world.person();
  ada.seed({ status: "Revoked", createdAt: world.now() - 2 * HOUR });
  const meant = ada.seed({ createdAt: world.now() - HOUR });
  ada.seed({ createdAt: world.now() - MINUTE, expiresAt: world.now() - 1 });
  const { outcome } = await world.deliver(reminder(ada));
  expect(outcome).toMatchObject({ detail: "resent", invitationId: meant.id });
});

test("a reminder by the id of an ended one leaves a newer pending one alone", async () => {
  const ada = world.person();
  const { id } = ada.seed({ createdAt: world.now() - HOUR, expiresAt: world.now() - 1 });
  ada.seed();
  const { outcome, calls } = await world.deliver(reminder(ada, { invitationId: id }));
  expect(outcome).toMatchObject({ detail: "no-longer-pending", invitationId: id });
  expect(calls).toEqual(["get"]);
  expect(ada.emails()).toEqual([]);
});

test("a reminder by the id of another invitee's invitation mails nobody", async () => {
  const ada = world.person();
  const bob = world.person();
  const { id } = bob.seed();
  const { outcome } = await world.deliver(reminder(ada, { invitationId: id }));
  expect(outcome).toEqual({ outcome: "done", detail: "already-gone" });
  expect([...ada.emails(), ...bob.emails()]).toEqual([]);
});

test("a reminder whose answer was lost mails again: Logto keeps no trace of an e-mail", async () => {
  const ada = world.person();
  ada.seed();
  const event = reminder(ada);
  await world.deliver(event);
  const { outcome, calls } = await world.deliver(event, { receiveCount: 2 });
  expect(outcome).toMatchObject({ detail: "resent" });
  expect(calls).toEqual(["list", "message"]);
  expect(ada.emails()).toHaveLength(2);
});

test("a resend that says false is one like any other", async () => {
  const ada = world.person();
  ada.seed({ createdAt: world.now() - HOUR, expiresAt: world.now() - 1 });
  const { outcome } = await world.deliver(reminder(ada, { onlyIfPending: false }));
  expect(outcome).toMatchObject({ detail: "renewed" });
});

test("a reminder says what it is told to say", async () => {
  const ada = world.person();
  ada.seed();
  const message = { locale: "de", link: "https://example.com/{invitationId}" };
  await world.deliver(reminder(ada, { message }));
  const [{ id } = { id: "" }] = ada.invitations();
  expect(ada.emails()).toMatchObject([{ locale: "de", link: `https://example.com/${id}` }]);
});

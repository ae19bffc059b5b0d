import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Invitation } from "../../../lib/logto/invitations.ts";
import { createDecisions } from "../../../lib/reconcile/decisions.ts";
import { createRenewalSearch, renewalEvent } from "../../../lib/reconcile/renewals.ts";
import { DAY_MS, HOUR_MS, invitation, NOON } from "./invitation.ts";

const withinMs = 2 * DAY_MS;

/** Ids of what is renewed. The invitations are given newest first. */
function renewed(atMost: number, ...invitations: readonly Partial<Invitation>[]) {
  const search = createRenewalSearch({ withinMs, atMost }, NOON);
  invitations.forEach((fields, index) => {
    search.take(invitation({ id: `i${index}`, createdAt: NOON - (8 + index) * DAY_MS, ...fields }));
  });
  return search.found().map(({ id }) => id);
}

const expired = { status: "Expired", expiresAt: NOON - HOUR_MS } as const;

describe("an expired invitation is renewed", () => {
  test("when it expired a short time ago", () => {
    expect(renewed(1, expired)).toEqual(["i0"]);
    expect(renewed(1, { ...expired, expiresAt: NOON - withinMs + 1 })).toEqual(["i0"]);
    expect(renewed(1, { ...expired, expiresAt: NOON - withinMs })).toEqual([]);
  });

  test("not before the run's own time, so that a late run decides as one in time", () => {
    expect(renewed(1, { ...expired, expiresAt: NOON })).toEqual(["i0"]);
    expect(renewed(1, { ...expired, expiresAt: NOON + 1 })).toEqual([]);
  });

  test.each(["Pending", "Accepted", "Revoked"] as const)("not when it is %s", (status) => {
    expect(renewed(1, { ...expired, status })).toEqual([]);
  });

  test.each(["Pending", "Accepted", "Revoked", "Expired"] as const)(
    "not when the invitee has a newer one that is %s",
    (status) => {
      const newer = { status, expiresAt: NOON - 3 * DAY_MS };
      expect(renewed(5, newer, expired)).toEqual([]);
      expect(renewed(5, { ...newer, invitee: "ADA@example.COM" }, expired)).toEqual([]);
    },
  );

  test("not when an older one of the invitee, in another letter case, is alive", () => {
    const alive = {
      invitee: "ADA@example.com",
      status: "Pending",
      expiresAt: NOON + DAY_MS,
    } as const;
    expect(renewed(5, expired, alive)).toEqual([]);
    const justOver = { ...alive, status: "Expired", expiresAt: NOON + 1 } as const;
    expect(renewed(5, expired, justOver)).toEqual([]);
    expect(renewed(5, expired, alive, { ...expired, invitee: "bob@example.com" })).toEqual(["i2"]);
  });

  test("also when another invitee, or the same in another organization, has a newer one", () => {
    expect(
      renewed(1, { invitee: "bob@example.com" }, { organizationId: "umbrella" }, expired),
    ).toEqual(["i2"]);
  });

  test("no more often than the policy says, by the ended ones that are left", () => {
    const older = { ...expired, expiresAt: NOON - 9 * DAY_MS };
    expect(renewed(1, expired, older)).toEqual([]);
    expect(renewed(2, expired, older)).toEqual(["i0"]);
    expect(renewed(2, expired, older, { ...older, invitee: "Ada@example.com" })).toEqual([]);
    expect(
      renewed(2, expired, { ...older, status: "Revoked" }, { ...older, status: "Accepted" }),
    ).toEqual([]);
    expect(renewed(1, expired, { ...older, invitee: "bob@example.com" })).toEqual(["i0"]);
  });

  test("beginning with the oldest, which has the least time left", () => {
    expect(renewed(1, expired, { ...expired, invitee: "bob@example.com" })).toEqual(["i1", "i0"]);
  });

  test("by an event that asks for the same again, and keeps one that is pending by then", () => {
    const search = createRenewalSearch({ withinMs, atMost: 1 }, NOON);
    const organizationRoles = [
      { id: "member", name: "Member" },
      { id: "editor", name: "Editor" },
    ];
    search.take(invitation({ id: "i1", ...expired, inviterId: "grace", organizationRoles }));
    search.take(invitation({ id: "i2", ...expired, invitee: "bob@example.com" }));
    const [bare, full] = search.found().map((found) => renewalEvent(found, NOON));
    expect(full?.ok && JSON.parse(full.message.body)).toEqual({
      specversion: "1.0",
      id: "renew:i1",
      source: "/logto-onboarding/reconcile",
      type: "onboarding.invitation.create",
      time: "2026-03-01T12:00:00.000Z",
      data: {
        organizationId: "acme",
        invitee: "ada@example.com",
        organizationRoleIds: ["member", "editor"],
        inviterId: "grace",
        ifPending: "keep",
      },
    });
    expect(bare?.ok && JSON.parse(bare.message.body).data).toEqual({
      organizationId: "acme",
      invitee: "bob@example.com",
      ifPending: "keep",
    });
  });
});

test("nobody is renewed more often than the policy says, however soon ended ones are deleted", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 6, max: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 23 }),
      (atMost, withinDays, keepDays, lifetimeDays, startHours) => {
        const policy = {
          everyMs: 6 * HOUR_MS,
          remindAfter: [],
          renewal: { withinMs: withinDays * DAY_MS, atMost },
          keepEndedMs: keepDays * DAY_MS,
          changesAtMost: 10,
          roleScopesFile: "",
        };
        const start = NOON - startHours * HOUR_MS;
        const made = (id: number, createdAt: number) => {
          const expiresAt = createdAt + lifetimeDays * DAY_MS;
          return invitation({ id: String(id), createdAt, expiresAt });
        };
        let held: readonly Invitation[] = [made(0, start)];
        let renewals = 0;
        for (let at = NOON; at < NOON + 100 * DAY_MS; at += policy.everyMs) {
          const decisions = createDecisions(policy, undefined, at, () => at);
          const read = held.map((one) =>
            one.expiresAt < at ? { ...one, status: "Expired" as const } : one,
          );
          const events = [...read.map(decisions.take), ...decisions.rest()];
          for (const event of events) {
            if (!event?.ok) continue;
            const { eventId } = event.message;
            if (eventId.startsWith("delete:")) {
              held = held.filter(({ id }) => `delete:${id}` !== eventId);
            } else {
              renewals += 1;
              held = [made(renewals, at), ...held];
            }
          }
        }
        expect(renewals).toBe(atMost);
        expect(held).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});

import { describe, expect, test } from "vitest";
import { dueReminder, reminderEvent } from "../../../lib/reconcile/reminders.ts";
import type { Window } from "../../../lib/reconcile/window.ts";
import { DAY_MS, HOUR_MS, invitation, NOON } from "./invitation.ts";

const P3D = { text: "P3D", ms: 3 * DAY_MS };
const P6D = { text: "P6D", ms: 6 * DAY_MS };
const window: Window = { since: NOON - HOUR_MS, until: NOON, sendBefore: NOON + 270_000 };
const due = (fields: Parameters<typeof invitation>[0], remindAfter = [P3D, P6D], within = window) =>
  dueReminder(invitation(fields), remindAfter, within, NOON)?.text;

describe("a reminder", () => {
  test("is due at its time after the creation: after the window's begin, up to its end", () => {
    expect(due({ createdAt: NOON - 3 * DAY_MS })).toBe("P3D");
    expect(due({ createdAt: NOON - 3 * DAY_MS + 1 })).toBeUndefined();
    expect(due({ createdAt: NOON - HOUR_MS - 3 * DAY_MS })).toBeUndefined();
    expect(due({ createdAt: NOON - HOUR_MS - 3 * DAY_MS + 1 })).toBe("P3D");
    expect(due({ createdAt: NOON - 6 * DAY_MS })).toBe("P6D");
  });

  test.each(["Accepted", "Revoked", "Expired"] as const)(
    "is for no invitation that is %s",
    (status) => {
      expect(due({ createdAt: NOON - 3 * DAY_MS, status })).toBeUndefined();
    },
  );

  test("is for no invitation that has run out since Logto was asked", () => {
    expect(due({ createdAt: NOON - 3 * DAY_MS, expiresAt: NOON })).toBeUndefined();
    expect(due({ createdAt: NOON - 3 * DAY_MS, expiresAt: NOON + 1 })).toBe("P3D");
  });

  test("is one where several fall into the window: the last", () => {
    const week = { ...window, since: NOON - 7 * DAY_MS };
    expect(due({ createdAt: NOON - 6 * DAY_MS - 1 }, [P3D, P6D], week)).toBe("P6D");
    expect(due({ createdAt: NOON - 5 * DAY_MS }, [P3D, P6D], week)).toBe("P3D");
  });

  test("may be asked for of older invitations alone", () => {
    const createdAt = NOON - 3 * DAY_MS;
    expect(due({ createdAt }, [P3D], { ...window, createdBefore: createdAt })).toBeUndefined();
    expect(due({ createdAt }, [P3D], { ...window, createdBefore: createdAt + 1 })).toBe("P3D");
  });

  test("is an event of its own, without an address in its id, for a pending invitation only", () => {
    const made = reminderEvent(invitation({ id: "i1", invitee: "Ada@Example.com" }), P3D, NOON);
    expect(made).toMatchObject({
      ok: true,
      message: {
        eventId: "remind:i1:P3D",
        eventType: "onboarding.invitation.resend",
        queue: "invitations",
      },
    });
    expect(made.ok && JSON.parse(made.message.body)).toEqual({
      specversion: "1.0",
      id: "remind:i1:P3D",
      source: "/logto-onboarding/reconcile",
      type: "onboarding.invitation.resend",
      time: "2026-03-01T12:00:00.000Z",
      data: {
        organizationId: "acme",
        invitee: "Ada@Example.com",
        invitationId: "i1",
        onlyIfPending: true,
      },
    });
  });
});

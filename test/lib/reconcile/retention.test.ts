import { describe, expect, test } from "vitest";
import { deletionEvent, isToBeDeleted } from "../../../lib/reconcile/retention.ts";
import { DAY_MS, invitation, NOON } from "./invitation.ts";

const KEEP_MS = 90 * DAY_MS;
const long = NOON - KEEP_MS - 1;
const isOver = (fields: Parameters<typeof invitation>[0]) =>
  isToBeDeleted(invitation(fields), KEEP_MS, NOON);

describe("an invitation is deleted", () => {
  test.each(["Accepted", "Revoked"] as const)("when it was %s long ago", (status) => {
    expect(isOver({ status, updatedAt: long })).toBe(true);
    expect(isOver({ status, updatedAt: long + 1 })).toBe(false);
    expect(isOver({ status, updatedAt: NOON, expiresAt: long, createdAt: long })).toBe(false);
  });

  test("when it expired long ago, whenever it was changed", () => {
    expect(isOver({ status: "Expired", expiresAt: long, updatedAt: NOON })).toBe(true);
    expect(isOver({ status: "Expired", expiresAt: long + 1, updatedAt: long })).toBe(false);
  });

  test("never while it is pending", () => {
    expect(isOver({ createdAt: 0, updatedAt: 0 })).toBe(false);
  });

  test("by an event that names it by its id", () => {
    const made = deletionEvent(invitation({ id: "i1" }), NOON);
    expect(made.ok && JSON.parse(made.message.body)).toMatchObject({
      id: "delete:i1",
      type: "onboarding.invitation.delete",
      data: { organizationId: "acme", invitee: "ada@example.com", invitationId: "i1" },
    });
  });
});

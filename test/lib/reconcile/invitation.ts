import type { Invitation } from "../../../lib/logto/invitations.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A full hour: a scheduled time. */
export const NOON = Date.parse("2026-03-01T12:00:00Z");

/** An invitation as Logto gives it: pending, of yesterday, for a week, unless told otherwise. */
export const invitation = (fields: Partial<Invitation> = {}): Invitation => ({
  id: "invitation-1",
  invitee: "ada@example.com",
  organizationId: "acme",
  inviterId: null,
  acceptedUserId: null,
  status: "Pending",
  createdAt: NOON - DAY_MS,
  updatedAt: NOON - DAY_MS,
  expiresAt: NOON + 6 * DAY_MS,
  organizationRoles: [],
  ...fields,
});

import * as v from "valibot";
import { parseDurationSeconds } from "../runtime/duration.ts";
import { invitee, listOf, logtoId, message, roleReference, timestamp } from "./fields.ts";

const YEAR_SECONDS = 366 * 86_400;

/** Epoch milliseconds below this lie in 1973: such a number is epoch seconds by mistake. */
const SMALLEST_EPOCH_MS = 100_000_000_000;

const expiresIn = v.union(
  [
    v.pipe(
      v.number(),
      v.integer("must be whole seconds"),
      v.minValue(1, "must be at least one second"),
      v.maxValue(YEAR_SECONDS, "must be at most a year"),
    ),
    v.pipe(
      v.string(),
      v.transform((duration) => parseDurationSeconds(duration) ?? 0),
      v.minValue(1, "must be an ISO 8601 duration such as P7D or PT12H"),
      v.maxValue(YEAR_SECONDS, "must be at most a year"),
    ),
  ],
  "must be an ISO 8601 duration such as P7D, or a number of seconds",
);

const expiresAt = v.union(
  [
    v.pipe(
      v.number(),
      v.integer("must be whole milliseconds"),
      v.minValue(SMALLEST_EPOCH_MS, "must be epoch milliseconds, not seconds"),
      v.maxValue(8_640_000_000_000_000, "must be a time that exists"),
    ),
    v.pipe(timestamp(), v.transform(Date.parse)),
  ],
  "must be an RFC 3339 time or epoch milliseconds",
);

/**
 * What a create does when another invitation of the invitee is pending: leave that one, send its
 * e-mail again, or revoke it and create the new one.
 */
export const ifPendingPolicies = ["keep", "resend", "replace"] as const;

export type IfPending = (typeof ifPendingPolicies)[number];

/**
 * `data` of `onboarding.invitation.create`: invite a person into an organization.
 *
 * Parsing turns `expiresIn` into seconds and `expiresAt` into epoch milliseconds.
 */
export const invitationCreateData = v.pipe(
  v.strictObject({
    organizationId: logtoId(),
    invitee: invitee(),
    organizationRoleIds: v.optional(listOf(roleReference(), 100, "must name at most 100 roles")),
    inviterId: v.optional(logtoId()),
    expiresIn: v.optional(expiresIn),
    expiresAt: v.optional(expiresAt),
    message: v.optional(message()),
    ifPending: v.optional(v.picklist(ifPendingPolicies)),
  }),
  v.forward(
    v.check(
      (data) => data.expiresIn === undefined || data.expiresAt === undefined,
      "must not be given together with expiresIn",
    ),
    ["expiresAt"],
  ),
);

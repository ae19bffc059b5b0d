import { describe, expect, test } from "vitest";
import { reconcilePolicy } from "../../../lib/reconcile/policy.ts";
import { settingsReader } from "../../../lib/runtime/settings.ts";
import { DAY_MS, HOUR_MS } from "./invitation.ts";

const policyOf = (environment: Record<string, string> = {}) =>
  reconcilePolicy(settingsReader(environment));

describe("the policy of a reconciliation", () => {
  test("is to leave invitations alone where nothing is set", () => {
    expect(policyOf()).toEqual({
      everyMs: HOUR_MS,
      remindAfter: [],
      changesAtMost: 1_000,
      roleScopesFile: "role-scopes.yml",
    });
  });

  test("is what is set", () => {
    expect(
      policyOf({
        RECONCILE_EVERY: "PT6H",
        RECONCILE_CHANGES_AT_MOST: "50",
        INVITATION_REMIND_AFTER: " P6D, P3D ",
        INVITATION_RENEW_EXPIRED_WITHIN: "P2D",
        INVITATION_RENEW_AT_MOST: "3",
        INVITATION_DELETE_ENDED_AFTER: "P90D",
        ROLE_SCOPES_FILE: "roles/production.yml",
        ROLE_SCOPES_ALLOW_REMOVALS: "0",
      }),
    ).toEqual({
      everyMs: 6 * HOUR_MS,
      remindAfter: [
        { text: "P3D", ms: 3 * DAY_MS },
        { text: "P6D", ms: 6 * DAY_MS },
      ],
      renewal: { withinMs: 2 * DAY_MS, atMost: 3 },
      keepEndedMs: 90 * DAY_MS,
      changesAtMost: 50,
      roleScopesFile: "roles/production.yml",
      allowRemovals: 0,
    });
  });

  test("renews an invitation once where nothing else is said", () => {
    expect(policyOf({ INVITATION_RENEW_EXPIRED_WITHIN: "P1D" }).renewal?.atMost).toBe(1);
  });

  test.each([
    ["RECONCILE_EVERY", "PT5H"],
    ["RECONCILE_EVERY", "P2D"],
    ["RECONCILE_EVERY", "1h"],
    ["RECONCILE_CHANGES_AT_MOST", "0"],
    ["INVITATION_REMIND_AFTER", "P3D,"],
    ["INVITATION_REMIND_AFTER", "P3D;P6D"],
    ["INVITATION_REMIND_AFTER", "P3D,PT72H"],
    ["INVITATION_REMIND_AFTER", "PT0S"],
    ["INVITATION_RENEW_EXPIRED_WITHIN", "2"],
    ["INVITATION_RENEW_AT_MOST", "0"],
    ["INVITATION_DELETE_ENDED_AFTER", "PT23H"],
    ["ROLE_SCOPES_ALLOW_REMOVALS", "-1"],
  ])("refuses a %s of %s in a sentence that names it", (name, value) => {
    expect(() => policyOf({ [name]: value })).toThrow(
      new RegExp(`^${name} cannot be used: set it to [^\\n]+\\.$`),
    );
  });

  test("does not delete what it may still renew", () => {
    const both = (keep: string) =>
      policyOf({ INVITATION_RENEW_EXPIRED_WITHIN: "P2D", INVITATION_DELETE_ENDED_AFTER: keep });
    expect(() => both("P2D")).toThrow(
      "INVITATION_DELETE_ENDED_AFTER cannot be used: set it to a duration longer than INVITATION_RENEW_EXPIRED_WITHIN.",
    );
    expect(both("PT49H").keepEndedMs).toBe(49 * HOUR_MS);
  });
});

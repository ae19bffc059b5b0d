import { describe, expect, test } from "vitest";
import type { NamedScope, Plan } from "../../../lib/role-scopes/plan.ts";
import { refusedRemovals } from "../../../lib/role-scopes/removal-guard.ts";

const scopes = (count: number): readonly NamedScope[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    resource: "https://api.example.com",
    scope: `scope-${index}`,
  }));

/** A plan of roles that each hold and lose so many scopes. */
const planThat = (...roles: readonly { held: number; loses: number }[]): Plan => ({
  roles: roles.map(({ held, loses }, index) => ({
    role: `role-${index}`,
    roleId: `${index}`,
    prune: true,
    assigned: held,
    assign: scopes(50),
    remove: scopes(loses),
    notManaged: [],
  })),
  unresolved: [],
  notManagedRoles: [],
});

describe("the removal guard", () => {
  test.each([
    ["nothing", { held: 0, loses: 0 }],
    ["three of three", { held: 3, loses: 3 }],
    ["a quarter", { held: 40, loses: 10 }],
  ])("lets a plan pass that removes %s", (_, role) => {
    expect(refusedRemovals(planThat(role), undefined)).toBeUndefined();
  });

  test("refuses one that removes more than a quarter and more than three, and says what to do", () => {
    expect(refusedRemovals(planThat({ held: 40, loses: 11 }), undefined)).toBe(
      "The plan removes 11 of the 40 scopes that its roles hold, more than a quarter: " +
        "check what is declared, and allow 11 removals if they are meant.",
    );
    expect(refusedRemovals(planThat({ held: 4, loses: 4 }), undefined)).toBeDefined();
  });

  test("counts over all roles of the plan", () => {
    const losesAll = { held: 5, loses: 5 };
    expect(refusedRemovals(planThat(losesAll), undefined)).toBeDefined();
    expect(refusedRemovals(planThat(losesAll, { held: 15, loses: 0 }), undefined)).toBeUndefined();
    expect(refusedRemovals(planThat(losesAll, losesAll), undefined)).toContain("10 of the 10");
  });

  test.each([
    [11, undefined],
    [100, undefined],
    [
      10,
      "The plan removes 11 of the 40 scopes that its roles hold, more than a quarter and more than the 10 that are allowed: " +
        "check what is declared, and allow 11 removals if they are meant.",
    ],
    [0, expect.stringContaining("more than the 0 that are allowed")],
  ])("with %i removals allowed says: %s", (allowed, says) => {
    expect(refusedRemovals(planThat({ held: 40, loses: 11 }), allowed)).toEqual(says);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  divideBudget,
  type FunctionBudget,
  type RequestBudget,
} from "../../deploy/request-budget.ts";

const budgets: fc.Arbitrary<RequestBudget> = fc.record({
  requestsPerSecond: fc.double({ min: 0.1, max: 10_000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 10_000 }),
  emailCreatesInFlight: fc.integer({ min: 1, max: 1_000 }),
  concurrency: fc.record({
    invitations: fc.integer({ min: 2, max: 50 }),
    roleScopes: fc.integer({ min: 2, max: 50 }),
  }),
});

/** What a container makes of its function's part: as in lib/logto/configured-client.ts. */
const shareOf = ({
  containers,
  burst,
  requestsPerSecond,
  emailCreatesInFlight,
}: FunctionBudget) => ({
  burst: Math.max(1, Math.floor(burst / containers)),
  requestsPerSecond: requestsPerSecond / containers,
  emailCreatesInFlight: Math.max(1, Math.floor(emailCreatesInFlight / containers)),
});

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

test("all containers together stay below the budget, whatever it is", () => {
  fc.assert(
    fc.property(budgets, (budget) => {
      const parts = divideBudget(budget);
      if (parts === undefined) return;
      const all = Object.values(parts);
      const total = (value: (part: FunctionBudget) => number) =>
        sum(all.map((part) => part.containers * value(part)));
      expect(total((part) => shareOf(part).burst)).toBeLessThanOrEqual(budget.burst);
      expect(total((part) => shareOf(part).requestsPerSecond)).toBeLessThanOrEqual(
        budget.requestsPerSecond,
      );
      const { invitations } = parts;
      expect(
        invitations.containers * shareOf(invitations).emailCreatesInFlight,
      ).toBeLessThanOrEqual(budget.emailCreatesInFlight);
    }),
  );
});

test("no container's burst comes round sooner than the tenant's", () => {
  fc.assert(
    fc.property(budgets, (budget) => {
      for (const part of Object.values(divideBudget(budget) ?? {})) {
        const { burst, requestsPerSecond } = shareOf(part);
        const seconds = burst / requestsPerSecond;
        // Below a millisecond it is rounding.
        expect(seconds).toBeGreaterThan(budget.burst / budget.requestsPerSecond - 0.001);
      }
    }),
  );
});

test("each function has room for what its queue starts, and for one invoked by hand", () => {
  fc.assert(
    fc.property(budgets, (budget) => {
      const { invitations, roleScopes, reconcile } = divideBudget(budget) ?? {};
      if (invitations === undefined) return;
      expect(invitations.containers).toBe(budget.concurrency.invitations + 1);
      expect(roleScopes?.containers).toBe(budget.concurrency.roleScopes + 1);
      expect(reconcile?.containers).toBe(2);
    }),
  );
});

test("the limits of Logto Cloud and of a self-hosted Logto divide like this", () => {
  expect(
    divideBudget({
      requestsPerSecond: 20,
      burst: 200,
      emailCreatesInFlight: 16,
      concurrency: { invitations: 2, roleScopes: 2 },
    }),
  ).toEqual({
    invitations: { containers: 3, burst: 138, requestsPerSecond: 13.8, emailCreatesInFlight: 15 },
    roleScopes: { containers: 3, burst: 39, requestsPerSecond: 3.9, emailCreatesInFlight: 3 },
    reconcile: { containers: 2, burst: 20, requestsPerSecond: 2, emailCreatesInFlight: 2 },
  });
});

test.each([
  ["a request", { burst: 10 }],
  ["a create with e-mail", { emailCreatesInFlight: 2 }],
])("a budget that leaves a container without %s is none", (_what, lack) => {
  const budget = {
    requestsPerSecond: 20,
    burst: 200,
    emailCreatesInFlight: 16,
    concurrency: { invitations: 2, roleScopes: 2 },
  };
  expect(divideBudget({ ...budget, ...lack })).toBeUndefined();
});

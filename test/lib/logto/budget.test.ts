import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type BudgetLimits, createBudget } from "../../../lib/logto/budget.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const someLimits: BudgetLimits = { requestsPerSecond: 10, burst: 5, emailCreatesInFlight: 2 };
type Arrival = {
  /** After the one before, in milliseconds. */
  readonly gapMs: number;
  /** How long it is waited for. */
  readonly patienceMs: number;
};

type Grant = { readonly index: number; readonly arrivedAt: number; readonly grantedAt: number };

/** Lets requests arrive in simulated time and tells which were granted when, in that order. */
async function grantsOf(limits: BudgetLimits, arrivals: readonly Arrival[]): Promise<Grant[]> {
  const budget = createBudget(limits);
  const grants: Grant[] = [];
  const settled: Promise<void>[] = [];
  for (const [index, { gapMs, patienceMs }] of arrivals.entries()) {
    await vi.advanceTimersByTimeAsync(gapMs);
    const arrivedAt = Date.now();
    const controller = new AbortController();
    const impatience = setTimeout(() => controller.abort(), patienceMs);
    settled.push(
      budget.request(controller.signal).then(
        () => {
          clearTimeout(impatience);
          grants.push({ index, arrivedAt, grantedAt: Date.now() });
        },
        () => {},
      ),
    );
  }
  await vi.runAllTimersAsync();
  await Promise.all(settled);
  return grants;
}

/** 24 days: for ever, as far as a timer knows. */
const FOR_EVER_MS = 2_000_000_000;

const limitsArbitrary = fc
  .record({ burst: fc.integer({ min: 1, max: 8 }), perSecond: fc.integer({ min: 1, max: 50 }) })
  .map(({ burst, perSecond }) => ({
    burst,
    requestsPerSecond: perSecond,
    emailCreatesInFlight: 1,
  }));

const gapArbitrary = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 3_000 }),
);

/** Whether between any two requests no more went out than the burst and the rate allow. */
function expectWithinBudget(grants: readonly Grant[], limits: BudgetLimits): void {
  const times = grants.map(({ grantedAt }) => grantedAt);
  for (const [first, from] of times.entries()) {
    for (const [last, to] of times.entries()) {
      const seconds = (to - from) / 1000;
      // As much as floating point is off by.
      const allowed = limits.burst + limits.requestsPerSecond * seconds + 1e-6;
      if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(allowed);
    }
  }
}

describe("requests", () => {
  test("never go out more often than the burst and the rate allow, however long one looks", () =>
    fc.assert(
      fc.asyncProperty(
        limitsArbitrary,
        fc.array(gapArbitrary, { minLength: 1, maxLength: 40 }),
        async (limits, gaps) => {
          const arrivals = gaps.map((gapMs) => ({ gapMs, patienceMs: FOR_EVER_MS }));

          const grants = await grantsOf(limits, arrivals);

          expectWithinBudget(grants, limits);
          expect(grants.map(({ index }) => index)).toEqual(gaps.map((_gap, index) => index));
        },
      ),
      { numRuns: 200 },
    ));

  test("never wait longer than the budget asks for", () =>
    fc.assert(
      fc.asyncProperty(
        limitsArbitrary,
        fc.array(gapArbitrary, { minLength: 1, maxLength: 40 }),
        async (limits, gaps) => {
          const arrivals = gaps.map((gapMs) => ({ gapMs, patienceMs: FOR_EVER_MS }));
          const begunAt = Date.now();

          const grants = await grantsOf(limits, arrivals);

          const perRequestMs = 1000 / limits.requestsPerSecond;
          // When all that was taken has come in again.
          let fullAt = begunAt;
          for (const { arrivedAt, grantedAt } of grants) {
            const freeAt = fullAt - (limits.burst - 1) * perRequestMs;
            // A timer knows whole milliseconds and may fire one late.
            expect(grantedAt).toBeLessThanOrEqual(Math.ceil(Math.max(arrivedAt, freeAt)) + 1);
            fullAt = Math.max(fullAt, grantedAt) + perRequestMs;
          }
        },
      ),
      { numRuns: 200 },
    ));

  test("keep to the budget and to their order when some stop waiting", () =>
    fc.assert(
      fc.asyncProperty(
        limitsArbitrary,
        fc.array(
          fc.record({ gapMs: gapArbitrary, patienceMs: fc.integer({ min: 1, max: 5_000 }) }),
          { minLength: 1, maxLength: 40 },
        ),
        async (limits, arrivals) => {
          const grants = await grantsOf(limits, arrivals);

          expectWithinBudget(grants, limits);
          const order = grants.map(({ index }) => index);
          expect(order).toEqual(order.toSorted((one, other) => one - other));
        },
      ),
      { numRuns: 200 },
    ));

  test("go out at once up to the burst, and then at the rate", async () => {
    const grants = await grantsOf(
      someLimits,
      Array.from({ length: 12 }, () => ({ gapMs: 0, patienceMs: FOR_EVER_MS })),
    );

    const [first] = grants;
    const waits = grants.map(({ grantedAt }) => grantedAt - (first?.grantedAt ?? 0));
    expect(waits).toEqual([0, 0, 0, 0, 0, 100, 200, 300, 400, 500, 600, 700]);
  });

  test("that stop waiting leave their place to the next", async () => {
    const budget = createBudget({ ...someLimits, burst: 1 });
    const controller = new AbortController();
    const reason = new Error("the caller's own reason");
    await budget.request();
    const impatient = budget.request(controller.signal);
    let isGranted = false;
    const patient = budget.request().then(() => {
      isGranted = true;
    });

    controller.abort(reason);

    await expect(impatient).rejects.toBe(reason);
    expect(isGranted).toBe(false);
    await vi.advanceTimersByTimeAsync(1000 / someLimits.requestsPerSecond);
    await patient;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("whose signal was given before do not take a place", async () => {
    const budget = createBudget({ ...someLimits, burst: 1 });
    const reason = new Error("the caller's own reason");

    await expect(budget.request(AbortSignal.abort(reason))).rejects.toBe(reason);

    await budget.request();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("creates with e-mail", () => {
  test("are never more at once than they may be, and begin in their order", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(
          fc.record({ gapMs: gapArbitrary, durationMs: gapArbitrary, fails: fc.boolean() }),
          {
            maxLength: 30,
          },
        ),
        async (emailCreatesInFlight, creates) => {
          const budget = createBudget({ ...someLimits, emailCreatesInFlight });
          const begun: number[] = [];
          let underWay = 0;
          let most = 0;
          const settled: Promise<unknown>[] = [];
          for (const [index, { gapMs, durationMs, fails }] of creates.entries()) {
            await vi.advanceTimersByTimeAsync(gapMs);
            const create = budget.emailCreate(async () => {
              begun.push(index);
              underWay++;
              most = Math.max(most, underWay);
              await new Promise((resolve) => setTimeout(resolve, durationMs));
              underWay--;
              if (fails) throw new Error("the create fails");
            });
            settled.push(create.catch(() => {}));
          }
          await vi.runAllTimersAsync();
          await Promise.all(settled);

          expect(most).toBeLessThanOrEqual(emailCreatesInFlight);
          expect(begun).toEqual(creates.map((_create, index) => index));
        },
      ),
      { numRuns: 200 },
    ));

  test("give what they end in, good or bad", async () => {
    const budget = createBudget(someLimits);
    const failure = new Error("the create fails");

    expect(await budget.emailCreate(async () => "created")).toBe("created");
    await expect(budget.emailCreate(() => Promise.reject(failure))).rejects.toBe(failure);
  });

  test("that stop waiting are not run, and leave their place to the next", async () => {
    const budget = createBudget({ ...someLimits, emailCreatesInFlight: 1 });
    const controller = new AbortController();
    const reason = new Error("the caller's own reason");
    const held = Promise.withResolvers<void>();
    const ran: string[] = [];
    const create = (name: string, until?: Promise<void>) => async () => {
      ran.push(name);
      await until;
    };
    const first = budget.emailCreate(create("first", held.promise));
    const impatient = budget.emailCreate(create("impatient"), controller.signal);
    const patient = budget.emailCreate(create("patient"));

    controller.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    held.resolve();
    await Promise.all([first, patient]);

    expect(ran).toEqual(["first", "patient"]);
  });

  test("do not use up the requests", async () => {
    const budget = createBudget({ requestsPerSecond: 1, burst: 1, emailCreatesInFlight: 1 });

    await Promise.all([1, 2, 3].map(() => budget.emailCreate(async () => {})));
    await budget.request();

    expect(vi.getTimerCount()).toBe(0);
  });
});

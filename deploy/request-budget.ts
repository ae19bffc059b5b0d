/** What Logto may be asked for, by all functions together, and how many of each run at once. */
export type RequestBudget = {
  readonly requestsPerSecond: number;
  /** Requests at once: never more than these in any `burst / requestsPerSecond` seconds. */
  readonly burst: number;
  readonly emailCreatesInFlight: number;
  /** Batches at once, by queue function. */
  readonly concurrency: { readonly invitations: number; readonly roleScopes: number };
};

/** A function's part. Each of its containers takes its share: these divided by `containers`. */
export type FunctionBudget = {
  /** That many may run at once: those that its queue starts, and one invoked by hand. */
  readonly containers: number;
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly emailCreatesInFlight: number;
};

export type BudgetedFunction = "invitations" | "roleScopes" | "reconcile";

/** People wait for invitations; a reconcile run has all the time in the world. */
const PERCENT: Readonly<Record<BudgetedFunction, number>> = {
  invitations: 70,
  roleScopes: 20,
  reconcile: 10,
};

/** One that the schedule starts. */
const RECONCILE_CONCURRENCY = 1;

/** An invocation by hand comes on top of what a queue or a schedule starts. */
const BY_HAND = 1;

/**
 * Divides the budget among the functions, so that all their containers together stay below it.
 *
 * A container's burst is a whole number, and its rate is cut with it: the stretch of time in which the
 * burst holds is the tenant's own for each of them, so that no two bursts of one fall into it.
 *
 * @returns `undefined` where a container would be left without a request.
 */
export function divideBudget(
  budget: RequestBudget,
): Readonly<Record<BudgetedFunction, FunctionBudget>> | undefined {
  const { requestsPerSecond, burst, emailCreatesInFlight, concurrency } = budget;
  const part = (name: BudgetedFunction, atOnce: number, emails: number): FunctionBudget => {
    const containers = atOnce + BY_HAND;
    const burstOfOne = Math.floor((burst * PERCENT[name]) / 100 / containers);
    return {
      containers,
      burst: burstOfOne * containers,
      requestsPerSecond: roundDown((burstOfOne * containers * requestsPerSecond) / burst),
      emailCreatesInFlight: Math.floor(emails / containers) * containers,
    };
  };
  const parts = {
    invitations: part("invitations", concurrency.invitations, emailCreatesInFlight),
    // These create no invitation: the setting is there because the client asks for it.
    roleScopes: part("roleScopes", concurrency.roleScopes, concurrency.roleScopes + BY_HAND),
    reconcile: part("reconcile", RECONCILE_CONCURRENCY, RECONCILE_CONCURRENCY + BY_HAND),
  };
  const isUsable = (own: FunctionBudget) =>
    own.burst > 0 && own.requestsPerSecond > 0 && own.emailCreatesInFlight > 0;
  return Object.values(parts).every(isUsable) ? parts : undefined;
}

const roundDown = (value: number): number => Math.floor(value * 1000) / 1000;

import PQueue from "p-queue";

/**
 * How much of Logto one process may use. Logto Cloud gives a tenant 200 requests per 10 s, and a
 * self-hosted Logto stops answering when about 20 creates with e-mail run at once.
 */
export type BudgetLimits = {
  /** Requests per second, over any stretch of time longer than the burst. */
  readonly requestsPerSecond: number;
  /** Requests that may go out at once: never more than this in `burst / requestsPerSecond` seconds. */
  readonly burst: number;
  /** Creates with e-mail under way at the same time. */
  readonly emailCreatesInFlight: number;
};

export type Budget = {
  /** Waits for leave to send one request. First come, first served. Rejects when aborted. */
  readonly request: (signal?: AbortSignal) => Promise<void>;
  /** Runs a create with e-mail when there is room for one. First come, first served. */
  readonly emailCreate: <Result>(
    run: () => Promise<Result>,
    signal?: AbortSignal,
  ) => Promise<Result>;
};

/** A budget for one process. Share it between all clients that talk to the same tenant. */
export function createBudget(limits: BudgetLimits): Budget {
  const requests = new PQueue({
    interval: (limits.burst / limits.requestsPerSecond) * 1000,
    intervalCap: limits.burst,
    strict: true,
  });
  const emailCreates = new PQueue({ concurrency: limits.emailCreatesInFlight });
  return {
    request: (signal) => requests.add(async () => {}, withSignal(signal)),
    emailCreate: (run, signal) => emailCreates.add(run, withSignal(signal)),
  };
}

const withSignal = (signal: AbortSignal | undefined): { signal?: AbortSignal } =>
  signal === undefined ? {} : { signal };

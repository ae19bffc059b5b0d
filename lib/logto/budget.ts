import PQueue from "p-queue";
import { createTokenBucket } from "./token-bucket.ts";

/**
 * How much of Logto one process may use. Logto Cloud gives a tenant 200 requests at once and 20 more in
 * each second, and a self-hosted Logto stops answering when about 20 creates with e-mail run at once.
 */
export type BudgetLimits = {
  /** Requests per second, in the long run. */
  readonly requestsPerSecond: number;
  /** Requests that may go out at once after a pause: in `t` seconds never more than this and `t` times the rate. */
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
  const requests = createTokenBucket(limits.burst, limits.requestsPerSecond);
  const emailCreates = new PQueue({ concurrency: limits.emailCreatesInFlight });
  return {
    request: requests.take,
    emailCreate: (run, signal) => emailCreates.add(run, signal === undefined ? {} : { signal }),
  };
}

/** One request as it was received, and what came of it. `status` is 0 while it runs, or when the connection was cut. */
export type Call = {
  operation: string;
  path: string;
  at: number;
  status: number;
};

export type Calls = {
  /** How many requests this operation (`"METHOD template"`) has received; all of them without an argument. */
  count(operation?: string): number;
  /** Most requests of this operation that were under way at once. */
  peak(operation: string): number;
  /** Counts by operation. */
  counts(): Record<string, number>;
  /** How many requests were answered with each status; 0 for a connection that was cut. */
  statuses(): Record<number, number>;
  /** The latest requests, oldest first, at most 1,000. */
  recent(): readonly Call[];
  reset(): void;
};

export type CallRecorder = Calls & {
  start(operation: string, path: string, at: number): (status: number) => void;
};

const keptCalls = 1000;

export function createCallRecorder(): CallRecorder {
  const byOperation = new Map<string, { count: number; underWay: number; peak: number }>();
  const byStatus = new Map<number, number>();
  let ring: Call[] = [];
  let next = 0;

  return {
    start(operation, path, at) {
      const counter = byOperation.get(operation) ?? { count: 0, underWay: 0, peak: 0 };
      byOperation.set(operation, counter);
      counter.count += 1;
      counter.underWay += 1;
      counter.peak = Math.max(counter.peak, counter.underWay);
      const call: Call = { operation, path, at, status: 0 };
      ring[next % keptCalls] = call;
      next += 1;
      return (status) => {
        counter.underWay -= 1;
        call.status = status;
        byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      };
    },
    count(operation) {
      if (operation !== undefined) return byOperation.get(operation)?.count ?? 0;
      return [...byOperation.values()].reduce((sum, { count }) => sum + count, 0);
    },
    peak: (operation) => byOperation.get(operation)?.peak ?? 0,
    counts: () =>
      Object.fromEntries([...byOperation].map(([operation, { count }]) => [operation, count])),
    statuses: () => Object.fromEntries(byStatus),
    recent() {
      const start = next % keptCalls;
      return next <= keptCalls ? [...ring] : [...ring.slice(start), ...ring.slice(0, start)];
    },
    reset() {
      byOperation.clear();
      byStatus.clear();
      ring = [];
      next = 0;
    },
  };
}

import * as v from "valibot";
import { followOutcomes } from "../../local/outcomes.ts";

/** What a function's log tells of its calls to Logto: what anybody can see of it in CloudWatch. */
export type CallLog = {
  /** Takes a line of the log. */
  readonly take: (line: string) => void;
  /** How many calls the latest delivery of a message made, once its line is there. */
  readonly callsOf: (messageId: string) => Promise<number>;
  /** How many calls were made for no message: those for a token. */
  readonly tokenRequests: () => number;
};

const metricLine = v.object({
  _aws: v.unknown(),
  LogtoCalls: v.union([v.number(), v.array(v.number())]),
});

export function followCalls(): CallLog {
  let all = 0;
  let ofMessages = 0;
  const latest = new Map<string, PromiseWithResolvers<number>>();
  const entryOf = (messageId: string): PromiseWithResolvers<number> => {
    const entry = latest.get(messageId) ?? Promise.withResolvers<number>();
    latest.set(messageId, entry);
    return entry;
  };
  const outcomes = followOutcomes(({ messageId, logtoCalls }) => {
    ofMessages += logtoCalls;
    entryOf(messageId).resolve(logtoCalls);
  });
  return {
    take: (line) => {
      outcomes.take(line);
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), metricLine), line);
      if (parsed.success) all += [parsed.output.LogtoCalls].flat().reduce((sum, n) => sum + n, 0);
    },
    callsOf: async (messageId) => {
      const logtoCalls = await entryOf(messageId).promise;
      latest.delete(messageId);
      return logtoCalls;
    },
    tokenRequests: () => all - ofMessages,
  };
}

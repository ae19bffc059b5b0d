import * as v from "valibot";

/** What the functions' logs tell of a run. */
export type RunRecord = {
  readonly take: (line: string) => void;
  readonly lines: readonly string[];
  /** The final outcomes told of each message, by message id. More than one when its answer was lost. */
  readonly finals: ReadonlyMap<string, ReadonlySet<"done" | "reject">>;
  /** How often a message was to come again, by reason. */
  readonly retries: ReadonlyMap<string, number>;
};

const outcomeLine = v.object({
  messageId: v.string(),
  outcome: v.picklist(["done", "retry", "reject"]),
  reason: v.optional(v.string(), ""),
});

export function createRecord(): RunRecord {
  const lines: string[] = [];
  const finals = new Map<string, Set<"done" | "reject">>();
  const retries = new Map<string, number>();
  return {
    lines,
    finals,
    retries,
    take: (line) => {
      lines.push(line);
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), outcomeLine), line);
      if (!parsed.success) return;
      const { messageId, outcome, reason } = parsed.output;
      if (outcome === "retry") retries.set(reason, (retries.get(reason) ?? 0) + 1);
      else finals.set(messageId, (finals.get(messageId) ?? new Set()).add(outcome));
    },
  };
}

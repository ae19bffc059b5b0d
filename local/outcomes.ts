import * as v from "valibot";

/** How a message ended, read from the line that its function logged. */
export type LoggedOutcome = v.InferOutput<typeof outcomeLine>;

const outcomeLine = v.object({
  /** ISO 8601. */
  timestamp: v.optional(v.string()),
  messageId: v.string(),
  eventId: v.optional(v.string()),
  eventType: v.optional(v.string()),
  outcome: v.picklist(["done", "retry", "reject"]),
  detail: v.optional(v.string()),
  reason: v.optional(v.string()),
  sentence: v.optional(v.string()),
  organizationId: v.optional(v.string()),
  role: v.optional(v.string()),
  invitationId: v.optional(v.string()),
  logtoCalls: v.number(),
  durationMs: v.number(),
});

export type Outcomes = {
  /** Takes a line of a function's log; what is no outcome is passed over. */
  readonly take: (line: string) => void;
  /** Resolves when the message is done or rejected. */
  readonly final: (messageId: string) => Promise<{ outcome: LoggedOutcome; at: number }>;
};

/** Follows the functions' logs: the same lines that stand in CloudWatch. */
export function followOutcomes(onOutcome: (outcome: LoggedOutcome) => void): Outcomes {
  type Final = { outcome: LoggedOutcome; at: number };
  const ended = new Map<string, Final>();
  const waiting = new Map<string, (final: Final) => void>();
  return {
    take: (line) => {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), outcomeLine), line);
      if (!parsed.success) return;
      const { output: outcome } = parsed;
      onOutcome(outcome);
      if (outcome.outcome === "retry") return;
      const final = { outcome, at: performance.now() };
      ended.set(outcome.messageId, final);
      waiting.get(outcome.messageId)?.(final);
    },
    final: (messageId) =>
      new Promise((resolve) => {
        const final = ended.get(messageId);
        if (final !== undefined) resolve(final);
        else waiting.set(messageId, resolve);
      }),
  };
}

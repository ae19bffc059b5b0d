import type { LoggedOutcome } from "./outcomes.ts";

/** An outcome in one line, for whoever watches: when, what, of which event, and whom it is about. */
export function liveLine(outcome: LoggedOutcome): string {
  const { timestamp, eventType, detail, reason, sentence, logtoCalls } = outcome;
  return [
    ...(timestamp === undefined ? [] : [timestamp]),
    eventType ?? "message",
    `${outcome.outcome}: ${detail ?? reason}`,
    ...(sentence === undefined ? [] : [sentence]),
    ...ABOUT.flatMap(([name, field]) => {
      const value = outcome[field];
      return value === undefined ? [] : [`${name} ${value}`];
    }),
    `(${logtoCalls} Logto ${logtoCalls === 1 ? "call" : "calls"})`,
  ].join("  ");
}

const ABOUT = [
  ["event", "eventId"],
  ["organization", "organizationId"],
  ["role", "role"],
  ["invitation", "invitationId"],
] as const;

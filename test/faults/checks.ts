import type { DeadLetter } from "../../lib/dead-letters/dead-letter.ts";
import { type FinalState, inviteeKey } from "./final-state.ts";
import type { FaultMessage } from "./messages.ts";
import { CANARY, type Invitee } from "./scripts.ts";
import type { SequentialRun } from "./sequential-run.ts";

/** One promise, and what was found against it. */
export type Check = {
  readonly promise: string;
  readonly checked: number;
  readonly violations: readonly string[];
};

export type Evidence = {
  readonly invitees: readonly Invitee[];
  readonly messages: readonly FaultMessage[];
  /** The SQS message id of each message; a repeat has that of the first. */
  readonly messageIds: readonly string[];
  readonly sequential: SequentialRun;
  readonly finals: ReadonlyMap<string, ReadonlySet<"done" | "reject">>;
  readonly deadLetters: readonly DeadLetter[];
  readonly state: FinalState;
  readonly twicePending: number;
  readonly lines: readonly string[];
  /** Tokens and secrets that were in use. */
  readonly secrets: readonly string[];
};

/** Holds what was promised against what was found. */
export const checkRun = (evidence: Evidence): readonly Check[] => [
  oneOutcomeEach(evidence),
  sameOutcomes(evidence),
  sameState(evidence),
  neverTwicePending(evidence),
  revokedStaysRevoked(evidence),
  rejectedAreDeadLetters(evidence),
  malformedHaveReasons(evidence),
  nothingPrivateLogged(evidence),
];

function oneOutcomeEach({ messageIds, finals }: Evidence): Check {
  const distinct = [...new Set(messageIds)];
  const violations = distinct.filter((id) => finals.get(id)?.size !== 1);
  return {
    promise: "every message has exactly one final outcome",
    checked: distinct.length,
    violations,
  };
}

function sameOutcomes({ messages, messageIds, finals, sequential }: Evidence): Check {
  const events = messages
    .map((message, index) => ({ ...message, messageId: messageIds[index] ?? "" }))
    .filter(({ kind }) => kind === "event" || kind === "late-repeat");
  const violations = events.flatMap(({ body, messageId }) => {
    const { id }: { id: string } = JSON.parse(body);
    const expected = sequential.outcomes.get(id)?.outcome;
    const found = [...(finals.get(messageId) ?? [])].join(" and ");
    return found === expected ? [] : [`${id}: ${found} instead of ${expected}`];
  });
  return {
    promise: "every event ends as it would without faults",
    checked: events.length,
    violations,
  };
}

function sameState({ state, sequential }: Evidence): Check {
  const violations = [...sequential.state].flatMap(([subject, expected]) => {
    const found = state.get(subject);
    return found === expected ? [] : [`${subject}: "${found}" instead of "${expected}"`];
  });
  const checked = sequential.state.size;
  return { promise: "Logto holds what it would hold without faults", checked, violations };
}

const neverTwicePending = ({ invitees, twicePending }: Evidence): Check => ({
  promise: "nobody ever has two pending invitations",
  checked: invitees.length,
  violations: twicePending === 0 ? [] : [`${twicePending} at the worst moment`],
});

function revokedStaysRevoked({ invitees, state }: Evidence): Check {
  const last = ({ events }: Invitee, word: string) =>
    events.findLastIndex(({ type }) => type.endsWith(word));
  const revoked = invitees.filter((invitee) => last(invitee, ".revoke") > last(invitee, ".create"));
  const violations = revoked.map(inviteeKey).filter((key) => state.get(key)?.includes("Pending"));
  return {
    promise: "no invitation is alive after its revoke",
    checked: revoked.length,
    violations,
  };
}

function rejectedAreDeadLetters({ finals, deadLetters }: Evidence): Check {
  const rejected = [...finals.values()].filter((kinds) => kinds.has("reject")).length;
  const bodies = deadLetters.map(({ body }) => body);
  const violations = [
    ...(rejected === bodies.length ? [] : [`${rejected} rejected, ${bodies.length} dead letters`]),
    ...(new Set(bodies).size === bodies.length ? [] : ["a message is in the dead letters twice"]),
  ];
  return {
    promise: "each rejected message is in the dead letters once",
    checked: rejected,
    violations,
  };
}

const MALFORMED_REASONS = [
  "not-json",
  "not-a-cloudevent",
  "unknown-type",
  "invalid-data",
  "wrong-queue",
];

function malformedHaveReasons({ messages, deadLetters }: Evidence): Check {
  const malformed = messages.filter(({ kind }) => kind === "malformed");
  const reasons = new Map(deadLetters.map(({ body, reason }) => [body, reason]));
  const violations = malformed
    .filter(({ body }) => !MALFORMED_REASONS.includes(reasons.get(body) ?? ""))
    .map(({ groupId, body }) => `${groupId}: ${reasons.get(body) ?? "not there"}`);
  return {
    promise: "every malformed or misdirected body is in the dead letters with its reason",
    checked: malformed.length,
    violations,
  };
}

function nothingPrivateLogged({ lines, secrets }: Evidence): Check {
  const markers = [CANARY, "Bearer ", ...secrets];
  const violations = lines
    .filter((line) => markers.some((marker) => line.includes(marker)))
    .map((line) => `a line of ${line.length} characters: ${line.slice(0, 60)}…`);
  return {
    promise: "no address, link, token or secret is in a log line",
    checked: lines.length,
    violations,
  };
}

import type { EventMessage, MessageOrProblem } from "../events/message.ts";
import type { LogtoClient } from "../logto/client.ts";
import { LogtoError } from "../logto/errors.ts";
import type { Decisions, DecisionsReport } from "./decisions.ts";

/** What a run found among the invitations. */
export type InvitationsReport = DecisionsReport & {
  /** How many were looked at. */
  readonly read: number;
  /** How many are left alone because no event may hold what they hold. */
  readonly unfit?: number;
  /** Whether there was no time to look at all that may have something due. */
  readonly outOfTime?: boolean;
  /** Why not all could be looked at. */
  readonly failed?: string;
};

/** The invitations of one run: events to publish, and when they are all given, what was found. */
export type InvitationsRun = {
  readonly events: () => AsyncGenerator<EventMessage, void, undefined>;
  readonly report: () => InvitationsReport;
};

export type InvitationsParts = {
  /** Its calls end by `endBy`. */
  readonly logto: LogtoClient;
  readonly decisions: Decisions;
  readonly now: () => number;
  /** Epoch milliseconds from which on nothing more is read. */
  readonly endBy: number;
  /** Told of every ten thousandth invitation. */
  readonly onProgress: (read: number) => void;
};

const PROGRESS_EVERY = 10_000;

/**
 * Goes through the list of invitations while it comes, no faster than the events are taken. A failure
 * of Logto ends the events: what was found before it stays true.
 */
export function runInvitations(parts: InvitationsParts): InvitationsRun {
  const { logto, decisions, now, endBy, onProgress } = parts;
  let read = 0;
  let unfit = 0;
  let readTo = Number.POSITIVE_INFINITY;
  let state: "reading" | "read" | "out-of-time" | { readonly failed: string } = "reading";

  async function* fromList(): AsyncGenerator<MessageOrProblem, void, undefined> {
    for await (const invitation of logto.invitations.list()) {
      if (now() >= endBy) {
        state = "out-of-time";
        return;
      }
      if (decisions.areAllTaken(invitation.createdAt)) break;
      read += 1;
      readTo = invitation.createdAt;
      if (read % PROGRESS_EVERY === 0) onProgress(read);
      const event = decisions.take(invitation);
      if (event !== undefined) yield event;
    }
    state = "read";
  }

  async function* found(): AsyncGenerator<MessageOrProblem, void, undefined> {
    try {
      yield* fromList();
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      state = error.code === "deadline" ? "out-of-time" : { failed: error.message };
    }
    if (state === "read") yield* decisions.rest();
  }

  return {
    events: async function* () {
      for await (const event of found()) {
        if (event.ok) yield event.message;
        else unfit += 1;
      }
    },
    report: () => ({
      read,
      ...decisions.report(state === "read" ? undefined : readTo),
      ...(unfit === 0 ? {} : { unfit }),
      ...(state === "out-of-time" ? { outOfTime: true } : {}),
      ...(typeof state === "object" ? state : {}),
    }),
  };
}

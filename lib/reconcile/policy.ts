import { parseDurationSeconds } from "../runtime/duration.ts";
import {
  anyText,
  durationSeconds,
  type SettingKind,
  SettingsError,
  type SettingsReader,
  wholeNumber,
} from "../runtime/settings.ts";

/** What a deployment has its reconciliation do. What is absent is off. */
export type ReconcilePolicy = {
  /** The schedule's interval. */
  readonly everyMs: number;
  /** When pending invitations are mailed again, shortest first. */
  readonly remindAfter: readonly RemindAfter[];
  readonly renewal?: Renewal | undefined;
  /** How long an ended invitation is kept. */
  readonly keepEndedMs?: number | undefined;
  /** How many invitations a run renews, and how many it deletes. The rest is for the next one. */
  readonly changesAtMost: number;
  /** Path of the declaration. */
  readonly roleScopesFile: string;
  /** How many removals of resource scopes are always agreed to. */
  readonly allowRemovals?: number | undefined;
};

/** How long after its creation an invitation is mailed again. */
export type RemindAfter = {
  /** As it is written in the setting: it names the reminder. */
  readonly text: string;
  readonly ms: number;
};

/** Which expired invitations are renewed. */
export type Renewal = {
  /** How long after its expiry. */
  readonly withinMs: number;
  /** How often for one invitee into one organization. */
  readonly atMost: number;
};

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/**
 * Reads the policy. Settings: `RECONCILE_EVERY`, the schedule's interval; `RECONCILE_CHANGES_AT_MOST`;
 * `INVITATION_REMIND_AFTER`, durations; `INVITATION_RENEW_EXPIRED_WITHIN`, a duration, and
 * `INVITATION_RENEW_AT_MOST`; `INVITATION_DELETE_ENDED_AFTER`, a duration; `ROLE_SCOPES_FILE`;
 * `ROLE_SCOPES_ALLOW_REMOVALS`. Durations are ISO 8601.
 *
 * @throws SettingsError
 */
export function reconcilePolicy(settings: SettingsReader): ReconcilePolicy {
  const within = settings.optional("INVITATION_RENEW_EXPIRED_WITHIN", durationSeconds, undefined);
  const keep = settings.optional("INVITATION_DELETE_ENDED_AFTER", retention, undefined);
  if (within !== undefined && keep !== undefined && keep <= within) {
    throw new SettingsError(
      "INVITATION_DELETE_ENDED_AFTER cannot be used: set it to a duration longer than INVITATION_RENEW_EXPIRED_WITHIN.",
    );
  }
  const atMost = settings.optional("INVITATION_RENEW_AT_MOST", wholeNumber(1), 1);
  return {
    everyMs: settings.optional("RECONCILE_EVERY", interval, HOUR_SECONDS) * 1000,
    remindAfter: settings.optional("INVITATION_REMIND_AFTER", durations, []),
    renewal: within === undefined ? undefined : { withinMs: within * 1000, atMost },
    keepEndedMs: keep === undefined ? undefined : keep * 1000,
    changesAtMost: settings.optional("RECONCILE_CHANGES_AT_MOST", wholeNumber(1), 1_000),
    roleScopesFile: settings.optional("ROLE_SCOPES_FILE", anyText("a path"), "role-scopes.yml"),
    allowRemovals: settings.optional("ROLE_SCOPES_ALLOW_REMOVALS", wholeNumber(0), undefined),
  };
}

/** The runs of a day must be equally far apart: each covers one interval. */
const interval: SettingKind<number> = {
  expects: "an ISO 8601 duration that divides a day into equal parts, such as PT1H or PT6H",
  parse: (text) => {
    const seconds = durationSeconds.parse(text);
    return seconds !== undefined && DAY_SECONDS % seconds === 0 ? seconds : undefined;
  },
};

const durations: SettingKind<readonly RemindAfter[]> = {
  expects: "ISO 8601 durations that differ, separated by commas, such as P3D,P6D",
  parse: (list) => {
    const texts = list.split(",").map((text) => text.trim());
    const read = texts.map((text) => ({ text, ms: (parseDurationSeconds(text) ?? 0) * 1000 }));
    const differ = new Set(read.map(({ ms }) => ms)).size === read.length;
    const areDurations = read.every(({ ms }) => ms > 0);
    return differ && areDurations ? read.toSorted((a, b) => a.ms - b.ms) : undefined;
  },
};

const retention: SettingKind<number> = {
  expects: "an ISO 8601 duration of at least a day, such as P90D",
  parse: (text) => {
    const seconds = durationSeconds.parse(text);
    return seconds !== undefined && seconds >= DAY_SECONDS ? seconds : undefined;
  },
};

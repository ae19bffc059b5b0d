import * as v from "valibot";
import { timestamp } from "../events/fields.ts";
import { describeIssue, problemsSentence } from "../events/problem.ts";

/** The payload asks for no run. The message says what is wrong with it. */
export class InvalidOptionsError extends Error {
  override readonly name = "InvalidOptionsError";
}

/** What a run is to do. Times are epoch milliseconds. */
export type ReconcileOptions = {
  /** Nothing is published. */
  readonly dryRun: boolean;
  readonly only?: "role-scopes" | "invitations" | undefined;
  /** How many removals of resource scopes somebody has agreed to. */
  readonly allowRemovals?: number | undefined;
  /** For when the schedule started the run; absent by hand. */
  readonly scheduledAt?: number | undefined;
  /** By hand: the reminders to make up for. */
  readonly makeUp?: MakeUp | undefined;
};

/** Reminders that were due after `since` and not after `until`. */
export type MakeUp = {
  readonly since: number;
  readonly until?: number | undefined;
  /** Only of invitations that were created before this. */
  readonly createdBefore?: number | undefined;
};

const time = v.optional(v.pipe(timestamp(), v.transform(Date.parse)));

const notWith = (other: string) => `must not be given together with ${other}`;

const payload = v.pipe(
  // To the library a list is an object, too.
  v.custom<object>((value) => !Array.isArray(value), "must be an object"),
  v.strictObject({
    dryRun: v.optional(v.boolean(), false),
    only: v.optional(
      v.picklist(["role-scopes", "invitations"], 'must be "role-scopes" or "invitations"'),
    ),
    allowRemovals: v.optional(
      v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(0, "must be at least 0")),
    ),
    since: time,
    until: time,
    createdBefore: time,
    scheduledTime: time,
  }),
  v.forward(
    v.check(
      (given) => given.since === undefined || given.scheduledTime === undefined,
      notWith("scheduledTime"),
    ),
    ["since"],
  ),
  v.forward(
    v.check(
      (given) => given.since === undefined || given.only !== "role-scopes",
      notWith('only "role-scopes"'),
    ),
    ["since"],
  ),
  v.forward(
    v.check((given) => given.until === undefined || given.since !== undefined, "needs since"),
    ["until"],
  ),
  v.forward(
    v.check(
      (given) => given.createdBefore === undefined || given.since !== undefined,
      "needs since",
    ),
    ["createdBefore"],
  ),
);

/**
 * Reads what a run is asked to do. The schedule gives `scheduledTime`; a run by hand gives what it
 * wants, or nothing (which for `serverless invoke local` is an empty text). A misspelt option is an
 * error.
 *
 * @throws InvalidOptionsError
 */
export function parseOptions(value: unknown): ReconcileOptions {
  const given = value === "" ? {} : (value ?? {});
  const parsed = v.safeParse(payload, given, { abortPipeEarly: true });
  if (!parsed.success) {
    const problems = problemsSentence(parsed.issues.map(describeIssue));
    throw new InvalidOptionsError(
      `These are no options of a reconciliation: ${problems} Give { "dryRun"?, "only"?, "allowRemovals"?, "since"?, "until"?, "createdBefore"? }.`,
    );
  }
  const { since, until, createdBefore, scheduledTime, ...options } = parsed.output;
  return {
    ...options,
    scheduledAt: scheduledTime,
    makeUp: since === undefined ? undefined : { since, until, createdBefore },
  };
}

import type { Checked } from "./check.ts";
import { type GoOn, goOnCommand } from "./go-on.ts";
import { inWords } from "./progress.ts";

/** What a run is about, before anything is sent. */
export type RunSummary = {
  /** How many events there are to publish. */
  readonly total: number;
  readonly rejected: number;
  /** The file that the rejected ones are in, where there are some. */
  readonly rejects?: string;
  readonly batch?: string;
  /** The `time` of events that brought none, ISO 8601. */
  readonly time: string;
};

/** What came of a run. */
export type Summary = RunSummary & {
  readonly published: number;
  readonly seconds: number;
  /** The first line whose event is not in the queue, where one is not. */
  readonly stoppedAtLine?: number;
};

/** The problems of a file of which nothing is sent. */
export function problemsText({ problems, moreProblems, good, isBroken }: Checked): string {
  const more = moreProblems === 0 ? [] : [`… and ${inWords(moreProblems)} more problems.`];
  const others =
    isBroken || good === 0 ? "" : `, or publish the other ${inWords(good)} with --skip-invalid`;
  const advice = `Nothing was sent: mend the file and try again${others}.`;
  return [...problems, ...more, advice].join("\n");
}

export const dryRunText = (summary: RunSummary): string =>
  `${eventsText(summary.total)} would be published. Nothing was sent.${rejectedText(summary)}`;

export const publishedText = (summary: Summary): string =>
  `Published ${eventsText(summary.published)}.${rejectedText(summary)}`;

/**
 * Where a run stopped before its time, and how to go on.
 *
 * @param name the file's, for people.
 * @param goOn `undefined` where going on would publish something twice.
 */
export function stoppedText(
  name: string,
  { published, total, stoppedAtLine }: Summary,
  goOn: GoOn | undefined,
): string {
  const before = stoppedAtLine === undefined ? "" : `, all before ${name}:${stoppedAtLine}`;
  const sent = `Stopped: ${inWords(published)} of ${eventsText(total)} were sent${before}.`;
  return goOn === undefined
    ? `${sent} With --new-ids another run sends all of them once more.`
    : `${sent} Go on with the following, which repeats nothing:\n  ${goOnCommand(goOn)}`;
}

/** Of a batch that was published before. */
export const keptTimeText = ({ batch, time }: RunSummary): string =>
  `The batch ${batch} was first published at ${time}: its invitations expire as counted from then.`;

const eventsText = (count: number): string =>
  `${inWords(count)} ${count === 1 ? "event" : "events"}`;

const rejectedText = ({ rejected, rejects }: RunSummary): string =>
  rejected === 0 ? "" : ` ${inWords(rejected)} cannot be published: see ${rejects}.`;

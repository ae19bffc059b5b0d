import type { Checked } from "./check.ts";
import { type GoOn, goOnCommand } from "./go-on.ts";
import { inWords } from "./progress.ts";
import type { SentEvent } from "./send-entries.ts";

/** What a run is about, before anything is sent. */
export type RunSummary = {
  /** How many events there are to publish. */
  readonly total: number;
  readonly rejected: number;
  /** The file that the rejected ones are in, where there are some. */
  readonly rejects?: string;
  /** How many are left out because they are another one once more, and which the first of them is. */
  readonly repeats: number;
  readonly firstRepeat?: string;
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
  `${eventsText(summary.total)} would be published. Nothing was sent.${leftOutText(summary)}`;

/** More would not be read. */
const EVENTS_SHOWN = 10;

/** @param events what was published, where that is known. */
export function publishedText(summary: Summary, events: readonly SentEvent[] = []): string {
  const shown = events.length > EVENTS_SHOWN ? [] : events;
  return [
    `Published ${eventsText(summary.published)}.${leftOutText(summary)}`,
    ...shown.map(({ id, type, queue }) => `  ${id}  ${type}  to ${queue}`),
  ].join("\n");
}

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

const leftOutText = (summary: RunSummary): string =>
  `${rejectedText(summary)}${repeatsText(summary)}`;

const rejectedText = ({ rejected, rejects }: RunSummary): string =>
  rejected === 0 ? "" : ` ${inWords(rejected)} cannot be published: see ${rejects}.`;

function repeatsText({ repeats, firstRepeat }: RunSummary): string {
  if (repeats === 0) return "";
  if (repeats === 1) return ` 1 repeats another and is sent once: ${firstRepeat}.`;
  return ` ${inWords(repeats)} repeat others and are sent once: ${firstRepeat}, and so on.`;
}

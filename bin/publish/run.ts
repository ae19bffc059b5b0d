import { explain } from "../../local/explain.ts";
import { findTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";
import { type Checked, checkEntries } from "./check.ts";
import { formatOf, HEAD_BYTES } from "./format.ts";
import type { GoOn } from "./go-on.ts";
import { type Input, openInput } from "./input.ts";
import { type Interruption, listenForInterruption } from "./interruption.ts";
import { checkOptions, type PublishOptions } from "./options.ts";
import { startProgress } from "./progress.ts";
import { type Reading, readEntries } from "./reading.ts";
import { openRejects } from "./rejects.ts";
import { type RunTime, runTime } from "./run-time.ts";
import { type Sent, sendEntries } from "./send-entries.ts";
import {
  dryRunText,
  keptTimeText,
  problemsText,
  publishedText,
  type Summary,
  stoppedText,
} from "./tell.ts";

/** Where a batch's time is longer ago than this, it is said: expiry counts from it. */
const LONG_AGO_MS = 300_000;

/**
 * Publishes the events of a file: reads it to its end and checks everything, and reads it again to
 * send it. Neither pass holds more than a few calls' worth of events.
 *
 * @param file a path, or `-` for standard input.
 * @param parameters of the command, as they were given.
 * @returns the exit code.
 * @throws UsageError when something is wrong with the command or the file: nothing was sent.
 */
export async function publishFile(
  file: string,
  options: PublishOptions,
  parameters: readonly string[],
): Promise<number> {
  const interruption = listenForInterruption();
  let input: Input | undefined;
  try {
    input = await openInput(file, interruption.signal);
    return await publishInput(file, input, { options, parameters, interruption });
  } catch (error) {
    const isInterrupted = error instanceof Error && error.name === "AbortError";
    if (!isInterrupted) throw error;
    console.error("Nothing was sent.");
    return interruption.exitCode();
  } finally {
    await input?.close();
    interruption.end();
  }
}

type Run = {
  readonly options: PublishOptions;
  readonly parameters: readonly string[];
  readonly interruption: Interruption;
};

async function publishInput(file: string, input: Input, run: Run): Promise<number> {
  const { options, interruption } = run;
  const format = options.format ?? formatOf(file, await input.head(HEAD_BYTES));
  checkOptions(format, input.directory !== undefined, options);
  const nowMs = Date.now();
  const time = await runTime(input.directory, options, nowMs);
  const { batch: batchName = "", newIds = false } = options;
  const reading = { input, format, batchName, timeMs: time.timeMs, nowMs, newIds };

  const checked = await check(reading, options, interruption.signal);
  const about = {
    total: checked.good,
    rejected: checked.bad,
    repeats: checked.repeats,
    ...(checked.firstRepeat === undefined ? {} : { firstRepeat: checked.firstRepeat }),
    ...(checked.bad === 0 ? {} : { rejects: rejectsPath(input, options) }),
    ...(options.batch === undefined ? {} : { batch: options.batch }),
    time: new Date(time.timeMs).toISOString(),
  };
  if (time.isKept && nowMs - time.timeMs > LONG_AGO_MS) console.error(keptTimeText(about));
  if (options.dryRun) {
    console.log(options.json ? asJson(about) : dryRunText(about));
    return 0;
  }
  const startedAt = performance.now();
  const sent = await send(reading, checked, time, run);
  const isLineKnown = format !== "json" && sent.stoppedAtLine !== undefined;
  const summary = {
    ...about,
    published: sent.count,
    seconds: (performance.now() - startedAt) / 1000,
    ...(isLineKnown ? { stoppedAtLine: sent.stoppedAtLine } : {}),
  };
  return tell(input.name, summary, sent, run);
}

/** @throws UsageError when there is something wrong with the file, or nothing in it. */
async function check(
  reading: Reading,
  options: PublishOptions,
  signal: AbortSignal,
): Promise<Checked> {
  const { input } = reading;
  const { fromLine = 0, skipInvalid } = options;
  const rejects = skipInvalid ? await openRejects(rejectsPath(input, options), input) : undefined;
  const progress = startProgress("Checking");
  let count = 0;
  let checked: Checked;
  try {
    checked = await checkEntries(readEntries(reading), {
      name: input.name,
      fromLine,
      onBad: async (entry) => rejects?.add(entry),
      onRead: () => {
        signal.throwIfAborted();
        count += 1;
        progress.show(count);
      },
    });
  } finally {
    progress.end();
    await rejects?.close();
  }
  if (
    checked.isBroken ||
    (checked.bad > 0 && !skipInvalid) ||
    (checked.bad > 0 && checked.good === 0)
  ) {
    throw new UsageError(problemsText(checked));
  }
  if (checked.good === 0) {
    throw new UsageError(
      options.fromLine === undefined
        ? `${input.name}: there is no event in it. Nothing was sent.`
        : `${input.name}: there is no event from line ${options.fromLine} on. Nothing was sent.`,
    );
  }
  return checked;
}

/** @throws UsageError when it is not known where to send to, or the file was changed. */
async function send(
  { input, ...reading }: Reading,
  { good, queues }: Checked,
  time: RunTime,
  { options, interruption }: Run,
): Promise<Sent> {
  const { openSqs, queueUrl } = await findTarget(options);
  const queueUrls = Object.fromEntries([...queues].map((name) => [name, queueUrl(name)]));
  const sqs = await openSqs();
  try {
    await input.assertUnchanged();
    await time.keep();
    const progress = startProgress("Publishing", good);
    const sent = await sendEntries(readEntries({ input, ...reading }), sqs, queueUrls, {
      fromLine: options.fromLine ?? 0,
      skipInvalid: options.skipInvalid ?? false,
      concurrency: options.concurrency,
      signal: interruption.signal,
      onSent: progress.show,
    });
    progress.end();
    return sent;
  } finally {
    sqs.destroy();
  }
}

/** @returns the exit code. */
function tell(name: string, summary: Summary, { error, events }: Sent, run: Run): number {
  const { json, newIds } = run.options;
  const eventIds = events?.map(({ id }) => id);
  if (json) console.log(asJson({ ...summary, ...(eventIds && { eventIds }) }));
  if (error === undefined && summary.published === summary.total) {
    if (!json) console.log(publishedText(summary, events));
    return 0;
  }
  if (error !== undefined) console.error(explain(error));
  if (summary.published > 0) {
    console.error(stoppedText(name, summary, newIds ? undefined : goOn(summary, run)));
  }
  if (error === undefined) return run.interruption.exitCode();
  return error instanceof UsageError ? 2 : 1;
}

/** What keeps no time is given the same one; what has no lines is sent again whole. */
const goOn = ({ stoppedAtLine, time }: Summary, { parameters, options }: Run): GoOn => ({
  parameters,
  ...(stoppedAtLine === undefined ? {} : { fromLine: stoppedAtLine }),
  ...(options.batch === undefined && options.time === undefined ? { time } : {}),
});

const rejectsPath = ({ name }: Input, { rejects }: PublishOptions): string =>
  rejects ?? `${name}.rejects.ndjson`;

const asJson = (value: object): string => JSON.stringify(value, undefined, 2);

import { UsageError } from "../usage-error.ts";
import { batchFile, readBatchTime, writeBatchTime } from "./batch-file.ts";
import type { PublishOptions } from "./options.ts";

/** The `time` of the events that bring none, and how a further run gets the same one. */
export type RunTime = {
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** Whether an earlier run of the batch chose it. */
  readonly isKept: boolean;
  /** Keeps the time of a new batch; to be called before the first event is sent. */
  readonly keep: () => Promise<void>;
};

/**
 * A batch has one time, however often it is run: that of its first run, kept in a file. An event
 * with another time would be another one to the function that carries it out.
 *
 * @param directory where the batch is kept; `undefined` for what is no file.
 * @param nowMs epoch milliseconds.
 * @throws UsageError when the time given is not the batch's.
 */
export async function runTime(
  directory: string | undefined,
  { batch, time }: Pick<PublishOptions, "batch" | "time">,
  nowMs: number,
): Promise<RunTime> {
  const timeMs = time ?? nowMs;
  if (batch === undefined || directory === undefined) {
    return { timeMs, isKept: false, keep: async () => {} };
  }
  const path = batchFile(directory, batch);
  const kept = await readBatchTime(path);
  if (kept === undefined) {
    return { timeMs, isKept: false, keep: () => writeBatchTime(path, timeMs) };
  }
  if (time !== undefined && time !== kept) {
    throw new UsageError(
      `The batch ${batch} has the time ${new Date(kept).toISOString()} (${path}): leave out --time, or take another --batch name.`,
    );
  }
  return { timeMs: kept, isKept: true, keep: async () => {} };
}

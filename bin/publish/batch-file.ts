import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { UsageError } from "../usage-error.ts";

/** Where a batch keeps its time: beside the file, so that they go together. */
export const batchFile = (directory: string, name: string): string =>
  join(directory, `${name}.batch.json`);

/**
 * When a batch was first published, as its file says.
 *
 * @returns epoch milliseconds, or `undefined` for a new batch.
 * @throws UsageError when the file cannot be read or is none of ours.
 */
export async function readBatchTime(path: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new UsageError(`${path} cannot be read (${codeOf(error)}): it holds the batch's time.`);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), batchSchema), text);
  if (parsed.success) return Date.parse(parsed.output.time);
  throw new UsageError(
    `${path} does not hold a batch's time: take another --batch name, or put the file back as it was.`,
  );
}

/**
 * Keeps the time of a new batch.
 *
 * @throws UsageError when there is such a file by now, or none can be written.
 */
export async function writeBatchTime(path: string, timeMs: number): Promise<void> {
  const content = { time: new Date(timeMs).toISOString() };
  try {
    await writeFile(path, `${JSON.stringify(content)}\n`, { flag: "wx", flush: true });
  } catch (error) {
    throw new UsageError(
      codeOf(error) === "EEXIST"
        ? `${path} has just been written: another run publishes this batch. Nothing was sent.`
        : `${path} cannot be written (${codeOf(error)}), and without it a second run would invite again: ` +
            "make the directory writable, or give --time, the same one with every run. Nothing was sent.",
    );
  }
}

const batchSchema = v.object({ time: v.pipe(v.string(), v.isoTimestamp()) });

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : error;

import type { Readable } from "node:stream";
import { type Batch, rowMessage } from "./batch-event.ts";
import { type CsvHeader, headerOf, rowOf } from "./csv-header.ts";
import { recordsOf } from "./csv-records.ts";
import { badEntry, type Entry, UnreadableError } from "./entry.ts";
import { createFirstLines } from "./first-lines.ts";

/**
 * The events of a CSV file: an `onboarding.invitation.create` for each row. Rows without content are
 * passed over. A second row for the same person and organization is wrong: a batch invites a person
 * into an organization once.
 *
 * @param nowMs epoch milliseconds.
 * @throws UnreadableError for a wrong header, and where quotes leave open what belongs to a row.
 */
export async function* readCsv(
  stream: Readable,
  batch: Batch,
  nowMs: number,
): AsyncGenerator<Entry> {
  const firstOf = createFirstLines();
  let header: CsvHeader | undefined;
  for await (const { cells, line } of recordsOf(stream)) {
    if (cells.every((cell) => cell === "")) continue;
    if (header === undefined) header = headerOf(cells, line);
    else yield entryOfRow(rowOf(cells, header), line);
  }
  if (header === undefined) throw new UnreadableError("it is empty, expected a header", 1);

  function entryOfRow({ row, problems }: ReturnType<typeof rowOf>, line: number): Entry {
    if (problems.length > 0) return badEntry(line, problems, row);
    const made = rowMessage(row, batch, nowMs);
    if (!made.ok) return badEntry(line, made.problems, row);
    const earlier = firstOf(made.message.groupId, line);
    if (earlier === undefined) return { ok: true, line, message: made.message };
    const message = `invites whom line ${earlier.line} invites: a batch invites a person into an organization once`;
    return badEntry(line, [{ path: "", message }], row);
  }
}

import { randomUUID } from "node:crypto";
import { checkedMessage, type MessageOrProblem } from "../../lib/events/message.ts";
import type { Batch } from "./batch-event.ts";
import { readCsv } from "./csv.ts";
import type { Entry } from "./entry.ts";
import type { Format } from "./format.ts";
import type { Input } from "./input.ts";
import { readJson } from "./json-list.ts";
import { expiryProblem } from "./lifetime.ts";
import { readNdjson } from "./ndjson.ts";

/** How the events of a file are read. The same file gives the same events each time. */
export type Reading = {
  readonly input: Input;
  readonly format: Format;
  /** What the rows of a CSV belong to. */
  readonly batchName: string;
  /** The `time` of events that have none, epoch milliseconds. */
  readonly timeMs: number;
  /** When the command began, epoch milliseconds. */
  readonly nowMs: number;
  /** Whether events that bring an id get another. */
  readonly newIds: boolean;
};

/** The events of the file, from its beginning. */
export function readEntries(reading: Reading): AsyncIterable<Entry> {
  const { input, format, batchName, timeMs, nowMs, newIds } = reading;
  const messageOf = (event: unknown): MessageOrProblem =>
    checkedMessage(newIds ? withNewId(event) : event, timeMs, (parsed, time) =>
      expiryProblem(parsed, time, nowMs),
    );
  switch (format) {
    case "json":
      return readJson(input, messageOf);
    case "ndjson":
      return readNdjson(input.stream(), messageOf);
    case "csv":
      return readCsv(input.stream(), { name: batchName, timeMs } satisfies Batch, nowMs);
  }
}

const withNewId = (event: unknown): unknown =>
  typeof event === "object" && event !== null ? { ...event, id: randomUUID() } : event;

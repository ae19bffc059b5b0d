import type { SQSClient } from "@aws-sdk/client-sqs";
import type { EventMessage } from "../../lib/events/message.ts";
import type { QueueName } from "../../lib/events/queue-name.ts";
import { type QueueUrls, sendMessages } from "../../lib/events/send.ts";
import { UsageError } from "../usage-error.ts";
import { type Entry, isRepeat } from "./entry.ts";

/** An event that is in its queue. */
export type SentEvent = {
  readonly id: string;
  readonly type: string;
  readonly queue: QueueName;
};

/** So many are kept to be told. */
export const EVENTS_KEPT = 1_000;

/** How the sending ended. */
export type Sent = {
  readonly count: number;
  /** The events in the order of the file, where there are no more than are kept. */
  readonly events?: readonly SentEvent[];
  /** The first line whose event is not in the queue, where the sending ended before its time. */
  readonly stoppedAtLine?: number;
  readonly error?: unknown;
};

export type SendEntriesOptions = {
  readonly fromLine: number;
  readonly skipInvalid: boolean;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** @param count how many are in the queue by now. */
  readonly onSent: (count: number) => void;
};

/** Sends the good ones of the events, and says where it stopped if something came in between. */
export async function sendEntries(
  entries: AsyncIterable<Entry>,
  sqs: SQSClient,
  queueUrls: QueueUrls,
  { fromLine, skipInvalid, concurrency, signal, onSent }: SendEntriesOptions,
): Promise<Sent> {
  let count = 0;
  let lastLine = fromLine - 1;
  let number = 0;
  const underWay = new Set<number>();
  const kept: { readonly number: number; readonly event: SentEvent }[] = [];
  const onTaken = (message: LineMessage): void => {
    underWay.delete(message.line);
    count += 1;
    if (count <= EVENTS_KEPT) {
      const { eventId: id, eventType: type, queue } = message;
      kept.push({ number: message.number, event: { id, type, queue } });
    }
    onSent(count);
  };
  const ended = (): Sent => ({
    count,
    ...(count > EVENTS_KEPT
      ? {}
      : { events: kept.toSorted((a, b) => a.number - b.number).map(({ event }) => event) }),
  });
  const stopped = (): Sent => ({
    ...ended(),
    stoppedAtLine: Math.min(...underWay, lastLine + 1),
  });
  try {
    await sendMessages(sqs, queueUrls, messagesOf(), { concurrency, signal, onTaken });
    return signal.aborted ? stopped() : ended();
  } catch (error) {
    return { ...stopped(), error };
  }

  async function* messagesOf(): AsyncGenerator<LineMessage> {
    for await (const entry of entries) {
      if (!entry.ok && !skipInvalid) {
        throw new UsageError(
          `Line ${entry.line} was good when it was checked: somebody changed it.`,
        );
      }
      if (!entry.ok || entry.line < fromLine || isRepeat(entry, fromLine)) continue;
      lastLine = entry.line;
      underWay.add(entry.line);
      number += 1;
      yield { ...entry.message, line: entry.line, number };
    }
  }
}

/** Events of a JSON list have one line, 0, and numbers of their own. */
type LineMessage = EventMessage & { readonly line: number; readonly number: number };

import type { SQSClient } from "@aws-sdk/client-sqs";
import type { EventMessage } from "../../lib/events/message.ts";
import { type QueueUrls, sendMessages } from "../../lib/events/send.ts";
import { UsageError } from "../usage-error.ts";
import type { Entry } from "./entry.ts";

/** How the sending ended. */
export type Sent = {
  readonly count: number;
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
  const underWay = new Set<number>();
  const onTaken = ({ line }: LineMessage): void => {
    underWay.delete(line);
    count += 1;
    onSent(count);
  };
  const stopped = (): Sent => ({ count, stoppedAtLine: Math.min(...underWay, lastLine + 1) });
  try {
    await sendMessages(sqs, queueUrls, messagesOf(), { concurrency, signal, onTaken });
    return signal.aborted ? stopped() : { count };
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
      if (!entry.ok || entry.line < fromLine) continue;
      lastLine = entry.line;
      underWay.add(entry.line);
      yield { ...entry.message, line: entry.line };
    }
  }
}

type LineMessage = EventMessage & { readonly line: number };

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import * as v from "valibot";

export type QueueProxy = {
  readonly endpoint: string;
  /** While it is true nobody can be reached. */
  unreachable: boolean;
  readonly stop: () => Promise<void>;
};

/** Begins the deduplication id of a message that is to look as if it came long after its event. */
export const LATE = "late-";

/** SQS drops repeats for five minutes, so what escapes that was published later. */
const LATE_BY_MS = 360_000;

/**
 * Stands in front of the local AWS. It makes time run faster for delays, makes late messages late,
 * and can be unreachable.
 *
 * @param scale how many times shorter the delays are that the functions ask for.
 */
export async function startQueueProxy(target: string, scale: number): Promise<QueueProxy> {
  const proxy = { unreachable: false };
  const server = createServer(async (incoming, outgoing) => {
    try {
      await pass(incoming, outgoing);
    } catch {
      incoming.socket.destroy();
    }
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = (await buffer(incoming)).toString();
    if (proxy.unreachable) return void incoming.socket.destroy();
    const action = String(incoming.headers["x-amz-target"]);
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    const answer = await fetch(target, {
      method: "POST",
      headers: {
        "content-type": incoming.headers["content-type"] ?? "",
        "x-amz-target": action,
        authorization: incoming.headers.authorization ?? "",
      },
      body: action.endsWith("ChangeMessageVisibilityBatch") ? sooner(body, scale) : body,
      signal: gone.signal,
    });
    const text = await answer.text();
    if (proxy.unreachable) return void incoming.socket.destroy();
    outgoing
      .writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" })
      .end(action.endsWith("ReceiveMessage") ? later(text) : text);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

const delays = v.looseObject({
  Entries: v.array(v.looseObject({ VisibilityTimeout: v.number() })),
});

function sooner(body: string, scale: number): string {
  const parsed = v.parse(v.pipe(v.string(), v.parseJson(), delays), body);
  const entries = parsed.Entries.map((entry) => ({
    ...entry,
    VisibilityTimeout: entry.VisibilityTimeout / scale,
  }));
  return JSON.stringify({ ...parsed, Entries: entries });
}

const received = v.looseObject({
  Messages: v.optional(
    v.array(v.looseObject({ Attributes: v.optional(v.record(v.string(), v.string())) })),
  ),
});

function later(text: string): string {
  const parsed = v.parse(v.pipe(v.string(), v.parseJson(), received), text);
  for (const { Attributes } of parsed.Messages ?? []) {
    if (!Attributes?.["MessageDeduplicationId"]?.startsWith(LATE)) continue;
    Attributes["SentTimestamp"] = String(Number(Attributes["SentTimestamp"]) + LATE_BY_MS);
  }
  return JSON.stringify(parsed);
}

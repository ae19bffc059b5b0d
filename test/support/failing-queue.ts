import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";

/** What a call to SendMessageBatch is answered with, per message body. `forgotten`: nothing of it. */
export type Decision = "taken" | "forgotten" | { readonly code: string };

export type FailingQueue = {
  readonly sqs: SQSClient;
  readonly url: string;
  /** The bodies of each call, in order. */
  readonly calls: readonly (readonly string[])[];
  /** The bodies that are in the queue, in order. */
  readonly taken: readonly string[];
  readonly stop: () => Promise<void>;
};

/**
 * A queue that takes of a batch what the test says: SQS itself answers with `Failed` entries only
 * when it is in trouble.
 *
 * @param decide is asked for each message; `attempt` counts from 1 for each body.
 */
export async function startFailingQueue(
  decide: (body: string, attempt: number) => Decision,
): Promise<FailingQueue> {
  const calls: string[][] = [];
  const taken: string[] = [];
  const server = createServer(async (request, response) => {
    const { Entries } = v.parse(batchSchema, await json(request));
    calls.push(Entries.map(({ MessageBody }) => MessageBody));
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, MessageBody: body } of Entries) {
      const decision = decide(body, calls.flat().filter((sent) => sent === body).length);
      if (decision === "taken") {
        taken.push(body);
        Successful.push({ Id, MessageId: `id of ${body}` });
      } else if (decision !== "forgotten") {
        Failed.push({ Id, Code: decision.code, SenderFault: false });
      }
    }
    response.setHeader("content-type", "application/x-amz-json-1.0");
    response.end(JSON.stringify({ Successful, Failed }));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const sqs = new SQSClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    md5: false,
  });
  return {
    sqs,
    url: `${endpoint}/000000000000/failing.fifo`,
    calls,
    taken,
    stop: async () => {
      sqs.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const batchSchema = v.object({
  Entries: v.array(v.object({ Id: v.string(), MessageBody: v.string() })),
});

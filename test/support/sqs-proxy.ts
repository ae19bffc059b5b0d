import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";

/** One call to SQS, on its way through. */
export type SqsCall = {
  /** 1 for the first. */
  readonly number: number;
  /** Such as `SendMessage`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};

/** What becomes of a call. `lose-answer`: it is carried out and the connection is cut. */
export type Verdict = "pass" | "refuse" | "lose-answer";

export type SqsProxySteps = {
  readonly before?: (call: SqsCall) => Verdict | Promise<Verdict>;
  /** Runs when SQS has answered and before the caller hears of it. */
  readonly after?: (call: SqsCall) => void | Promise<void>;
  /** What the caller gets for SQS's answer. */
  readonly rewrite?: (call: SqsCall, answer: string) => string;
};

export type SqsProxy = {
  readonly endpoint: string;
  /** A client that goes through the proxy and repeats nothing by itself. */
  readonly sqs: SQSClient;
  readonly calls: readonly SqsCall[];
  /** The stand-in's queue URL as one of the proxy: clients go where a queue's URL says. */
  readonly urlOf: (queueUrl: string) => string;
  readonly stop: () => Promise<void>;
};

/**
 * A proxy in front of the SQS stand-in, for failures at a chosen call. It cuts long polls short: the
 * stand-in is one server, so its empty answer is an empty queue without any waiting.
 *
 * @param target the stand-in's endpoint.
 */
export async function startSqsProxy(target: string, steps: SqsProxySteps = {}): Promise<SqsProxy> {
  const calls: SqsCall[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const operation = String(request.headers["x-amz-target"]).replace("AmazonSQS.", "");
    const input = v.parse(anyObject, await json(request));
    const call = { number: calls.length + 1, operation, input };
    calls.push(call);
    const verdict = (await steps.before?.(call)) ?? "pass";
    if (verdict === "refuse") {
      response.writeHead(503, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: "ServiceUnavailable", message: "asked for" }));
      return;
    }
    const answer = await fetch(target, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": String(request.headers["x-amz-target"]),
        authorization: request.headers.authorization ?? "",
      },
      body: JSON.stringify({
        ...input,
        QueueUrl: String(input["QueueUrl"]).replace(endpoint, target),
        ...("WaitTimeSeconds" in input ? { WaitTimeSeconds: 0 } : {}),
      }),
    });
    const body = await answer.text();
    await steps.after?.(call);
    if (verdict === "lose-answer") {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "application/x-amz-json-1.0",
    });
    response.end(steps.rewrite?.(call, body) ?? body);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
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
    maxAttempts: 1,
  });
  return {
    endpoint,
    sqs,
    calls,
    urlOf: (queueUrl) => queueUrl.replace(target, endpoint),
    stop: async () => {
      sqs.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const anyObject = v.record(v.string(), v.unknown());

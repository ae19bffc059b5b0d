import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Credentials, parseCredentials } from "../../../lib/logto/credentials.ts";

export type ReceivedRequest = {
  readonly method: string;
  /** With the query, as it came. */
  readonly path: string;
  readonly body: string;
};

/** Answers one request; `nth` counts from 1. */
export type Answerer = (
  response: ServerResponse,
  request: ReceivedRequest,
  nth: number,
) => void | Promise<void>;

export type AnsweringServer = AsyncDisposable & {
  readonly credentials: Credentials;
  /** Every request but those for a token. */
  readonly requests: readonly ReceivedRequest[];
  readonly tokenRequests: readonly ReceivedRequest[];
  /** How many connections were opened. */
  readonly connections: () => number;
  /** Closes every connection that nothing is under way on, and waits until they are closed. */
  readonly closeIdleConnections: () => Promise<void>;
};

/** A loopback server that says whatever a test wants it to, in place of Logto. */
export async function startAnsweringServer(
  api: Answerer,
  token: Answerer = answerToken("a-token"),
): Promise<AnsweringServer> {
  const requests: ReceivedRequest[] = [];
  const tokenRequests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(async (incoming, outgoing) => {
    const request = await received(incoming);
    const [list, answer] =
      request.path === "/oidc/token" ? [tokenRequests, token] : [requests, api];
    list.push(request);
    await answer(outgoing, request, list.length);
  });
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server got no port.");

  return {
    credentials: parseCredentials(
      JSON.stringify({
        endpoint: `http://127.0.0.1:${address.port}`,
        appId: "an-app",
        appSecret: "a-secret",
      }),
    ),
    requests,
    tokenRequests,
    connections: () => connections,
    closeIdleConnections: async () => {
      const closed = [...sockets].map((socket) => once(socket, "close"));
      server.closeIdleConnections();
      await Promise.all(closed);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers with JSON. */
export const answerJson =
  (status: number, content: unknown, headers: Record<string, string> = {}): Answerer =>
  (response) => {
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(content));
  };

/** Answers with text, as a proxy does. */
export const answerText =
  (status: number, content: string, headers: Record<string, string> = {}): Answerer =>
  (response) => {
    response.writeHead(status, { "content-type": "text/plain", ...headers }).end(content);
  };

/** Answers that it is done, without a body. */
export const noContent: Answerer = (response) => {
  response.writeHead(204).end();
};

/** Answers a request for a token. */
export const answerToken = (value: string): Answerer =>
  answerJson(200, { access_token: value, expires_in: 3600, token_type: "Bearer", scope: "all" });

/** Closes the connection in place of an answer. */
export const drop: Answerer = (response) => {
  response.socket?.destroy();
};

/** The first request gets the first answer, and so on; the last answer is for all that follow. */
export const inTurn =
  (...answers: readonly Answerer[]): Answerer =>
  (response, request, nth) =>
    answers[Math.min(nth, answers.length) - 1]?.(response, request, nth);

async function received(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import type { Readable } from "node:stream";

/** An HTTP request with everything that goes into it. */
export type HttpRequest = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request and the reading of its answer. */
  readonly signal: AbortSignal;
};

/** An answer whose body has not been read. It has to be read or discarded. */
export type HttpAnswer = {
  readonly status: number;
  /** A header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /**
   * The whole body as text.
   *
   * @throws BodyTooLargeError when it is longer than `limitBytes`; ConnectionError when it is not whole.
   */
  readonly text: (limitBytes: number) => Promise<string>;
  /** The body while it comes. Leaving it early ends the request. Throws as `text` does. */
  readonly chunks: (limitBytes: number) => AsyncGenerator<Uint8Array, void, undefined>;
};

/**
 * Sends a request.
 *
 * @returns the answer, whatever its status. Redirects are not followed.
 * @throws ConnectionError when none comes; the reason of the signal when that ended it.
 */
export type SendRequest = (request: HttpRequest) => Promise<HttpAnswer>;

/** The connection failed, or broke off in the middle of an answer. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** What the network said, such as ECONNREFUSED. */
  readonly code: string;

  constructor(code: string) {
    super("The connection failed.");
    this.code = code;
  }
}

export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** Shorter than any server keeps a connection that nothing comes over. */
const IDLE_CONNECTION_MS = 4_000;

type Protocol = {
  readonly request: (
    url: string,
    options: RequestOptions,
    onAnswer: (answer: IncomingMessage) => void,
  ) => import("node:http").ClientRequest;
  readonly agent: Agent;
};

/**
 * HTTP over connections that are kept. It is Node's own client and not `fetch`, which takes three times
 * the processor time for a request, and 24 ms to load.
 */
export function createHttp(): SendRequest {
  const agentOptions = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  let plain: Promise<Protocol> | undefined;
  let secure: Promise<Protocol> | undefined;
  const protocolOf = (url: string): Promise<Protocol> => {
    if (!url.startsWith("https:")) {
      plain ??= import("node:http").then(({ request, Agent }) => ({
        request,
        agent: new Agent(agentOptions),
      }));
      return plain;
    }
    secure ??= import("node:https").then(({ request, Agent }) => ({
      request,
      agent: new Agent(agentOptions),
    }));
    return secure;
  };

  return async ({ method, url, headers, body, signal }) => {
    const { request, agent } = await protocolOf(url);
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const options = { method, headers: { ...OWN_HEADERS, ...headers }, agent };
      const failed = (error: unknown) =>
        reject(signal.aborted ? signal.reason : connectionError(error));
      const sent = request(url, options, (answer) => {
        // What goes wrong from here on is told to who reads the body.
        answer.on("error", () => {});
        resolve(answerOf(answer, signal));
      });
      const end = () => sent.destroy();
      signal.addEventListener("abort", end, { once: true });
      sent.on("error", failed);
      sent.on("close", () => {
        signal.removeEventListener("abort", end);
        // After an answer this changes nothing.
        failed(undefined);
      });
      sent.end(body);
    });
  };
}

const OWN_HEADERS = {
  accept: "application/json",
  "accept-encoding": "gzip",
  "user-agent": "logto-onboarding",
};

function answerOf(incoming: IncomingMessage, signal: AbortSignal): HttpAnswer {
  const header = (name: string): string | undefined => {
    const value = incoming.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
  const failureOf = (error: unknown): unknown => {
    if (error instanceof BodyTooLargeError) return error;
    return signal.aborted ? signal.reason : connectionError(error);
  };

  async function body(limitBytes: number): Promise<Readable> {
    if (Number(header("content-length") ?? 0) > limitBytes) {
      incoming.destroy();
      throw new BodyTooLargeError("The body is too long.");
    }
    return header("content-encoding") === "gzip" ? unzipped(incoming) : incoming;
  }

  return {
    status: incoming.statusCode ?? 0,
    header,
    text: async (limitBytes) => {
      try {
        return await textOf(await body(limitBytes), limitBytes);
      } catch (error) {
        incoming.destroy();
        throw failureOf(error);
      }
    },
    chunks: async function* (limitBytes) {
      let receivedBytes = 0;
      try {
        for await (const chunk of await body(limitBytes)) {
          receivedBytes += chunk.length;
          if (receivedBytes > limitBytes) throw new BodyTooLargeError("The body is too long.");
          yield chunk;
        }
      } catch (error) {
        throw failureOf(error);
      } finally {
        incoming.destroy();
      }
    },
  };
}

/** By events: it is done for every call, and an iterator over a stream takes longer. */
function textOf(body: Readable, limitBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // It may have broken off with the headers, before anybody listened.
    if (body.destroyed) return reject(body.errored);
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    body.on("data", (chunk: Buffer) => {
      receivedBytes += chunk.length;
      if (receivedBytes > limitBytes) reject(new BodyTooLargeError("The body is too long."));
      else chunks.push(chunk);
    });
    body.on("end", () => resolve(new TextDecoder().decode(Buffer.concat(chunks))));
    body.on("error", reject);
    body.on("close", reject);
  });
}

/** What goes wrong with what is unzipped comes out of the stream that is returned. */
async function unzipped(body: Readable): Promise<Readable> {
  const [{ createGunzip }, { pipeline }] = await Promise.all([
    import("node:zlib"),
    import("node:stream"),
  ]);
  return pipeline(body, createGunzip(), () => {});
}

function connectionError(error: unknown): ConnectionError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return new ConnectionError(typeof code === "string" ? code : "connection-failed");
}

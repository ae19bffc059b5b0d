import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { UnavailableError } from "../../../lib/logto/errors.ts";
import type { CallContext, SentCall, TransportOptions } from "../../../lib/logto/transport.ts";
import {
  type Answerer,
  answerJson,
  answerText,
  inTurn,
  startAnsweringServer,
} from "./answering-server.ts";
import { clientWith } from "./test-client.ts";

/** Begins an answer of 200 and leaves the rest to `go`, which a test calls when it is time. */
function inSteps(...steps: readonly ((response: ServerResponse) => void)[]) {
  const left = [...steps];
  let open: ServerResponse | undefined;
  const go = () => {
    if (open !== undefined) left.shift()?.(open);
  };
  const answer: Answerer = (response) => {
    open = response;
    response.writeHead(200, { "content-type": "application/json" });
    go();
  };
  return { answer, go };
}

const write = (text: string) => (response: ServerResponse) => {
  response.write(text);
};
const end = (text: string) => (response: ServerResponse) => {
  response.end(text);
};
const cut = (response: ServerResponse) => {
  response.destroy();
};

/** Goes through the list, calling `seen` for each invitation; gives the ids and what it ended in. */
async function goThrough(
  server: Awaited<ReturnType<typeof startAnsweringServer>>,
  options: {
    readonly client?: Partial<TransportOptions>;
    readonly context?: CallContext;
    readonly seen?: (id: string) => void | Promise<void>;
  } = {},
) {
  const calls: SentCall[] = [];
  const onCall = (call: SentCall) => calls.push(call);
  const client = clientWith(server.credentials, options.client).on({ ...options.context, onCall });
  const ids: string[] = [];
  try {
    for await (const { id } of client.invitations.list()) {
      ids.push(id);
      await options.seen?.(id);
    }
    return { ids, calls, error: undefined };
  } catch (error) {
    return { ids, calls, error };
  }
}

const [first, second] = ['[{"id":"first"},', '{"id":"second"}'];

describe("the list of invitations", () => {
  test("is used while it comes", async () => {
    const { answer, go } = inSteps(write(first), end(`${second}]`));
    await using server = await startAnsweringServer(answer);
    const { ids, calls } = await goThrough(server, { seen: go });
    expect(ids).toEqual(["first", "second"]);
    expect(calls).toMatchObject([{ operation: "invitations.list", status: 200 }]);
  });

  test("ends the request when it is left", async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await startAnsweringServer((response) => {
      response.once("close", closed.resolve);
      response.writeHead(200).write(first);
    });
    const calls: SentCall[] = [];
    const { invitations } = clientWith(server.credentials).on({
      onCall: (call) => calls.push(call),
    });
    for await (const { id } of invitations.list()) {
      expect(id).toBe("first");
      expect(calls).toEqual([]);
      break;
    }
    await closed.promise;
    expect(calls).toMatchObject([{ operation: "invitations.list", status: 200 }]);
  });

  test("ends the request when it is left by an error, which stays what it was", async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await startAnsweringServer((response) => {
      response.once("close", closed.resolve);
      response.writeHead(200).write(first);
    });
    const own = new Error("the caller's own");
    const { error, calls } = await goThrough(server, { seen: () => Promise.reject(own) });
    expect(error).toBe(own);
    await closed.promise;
    expect(calls).toHaveLength(1);
  });

  test("asks for nothing before it is gone through", async () => {
    await using server = await startAnsweringServer(answerJson(200, []));
    clientWith(server.credentials).invitations.list();
    expect(server.tokenRequests).toEqual([]);
  });

  test("keeps the connection when it was gone through", async () => {
    await using server = await startAnsweringServer(answerJson(200, [{ id: "first" }]));
    const client = clientWith(server.credentials);
    for (let time = 0; time < 20; time++) await Array.fromAsync(client.invitations.list());
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe("a list that breaks off", () => {
  test("before its first invitation is asked for again", async () => {
    const broken: Answerer = (response) => {
      response.writeHead(200).write('[{"id":"fi', () => response.destroy());
    };
    await using server = await startAnsweringServer(
      inTurn(broken, answerJson(200, [{ id: "first" }])),
    );
    const { ids, calls } = await goThrough(server, { client: { random: () => 0 } });
    expect(ids).toEqual(["first"]);
    expect(calls).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  test("after its first invitation is an outage, and not asked for again", async () => {
    const { answer, go } = inSteps(write(first), cut);
    await using server = await startAnsweringServer(answer);
    const { ids, calls, error } = await goThrough(server, { seen: go });
    expect(ids).toEqual(["first"]);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain("the connection to Logto failed");
    expect(server.requests).toHaveLength(1);
    expect(calls).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    ["ends too early", "", "not-json"],
    ["ends in the middle of an invitation", '{"id":"se', "not-json"],
    ["goes on as something else", "<html>", "not-json"],
    ["goes on behind its end", `${second}] and more`, "not-json"],
    ["has something else than invitations in it", `${second},{"id":1}]`, "unexpected-body"],
    ["has null in it", "null]", "unexpected-body"],
  ])("is an outage when it %s", async (_what, rest, code) => {
    const { answer, go } = inSteps(write(first), end(rest));
    await using server = await startAnsweringServer(answer);
    const { ids, error } = await goThrough(server, { seen: go });
    // Nothing of a piece that is wrong is given.
    expect(ids).toEqual(["first"]);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation: "invitations.list", status: 200, code });
    expect(server.requests).toHaveLength(1);
  });

  test("tells nothing of what was in it", async () => {
    const { answer, go } = inSteps(write(first), end('{"id":"x","invitee":"canary@example.com"'));
    await using server = await startAnsweringServer(answer);
    const { error } = await goThrough(server, { seen: go });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain("canary");
    expect(error).not.toHaveProperty("cause");
  });

  test.each([
    [503, "is asked for again"],
    [401, "is asked for with a new token"],
  ])("by a %i %s", async (status) => {
    await using server = await startAnsweringServer(
      inTurn(answerText(status, ""), answerJson(200, [{ id: "first" }])),
    );
    const { ids, calls } = await goThrough(server, { client: { random: () => 0 } });
    expect(ids).toEqual(["first"]);
    expect(calls).toMatchObject([{ status }, { status: 200 }]);
  });
});

describe("a list that stands still", () => {
  const stalled: Answerer = (response) => {
    response.writeHead(200).write(first);
  };

  test("is an outage after the time of a request", async () => {
    await using server = await startAnsweringServer(stalled);
    const { ids, error, calls } = await goThrough(server, { client: { timeoutMs: 1_000 } });
    expect(ids).toEqual(["first"]);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation: "invitations.list", code: "timeout" });
    expect(calls).toHaveLength(1);
  });

  test("is an outage after the time of a request also where it did not begin", async () => {
    await using server = await startAnsweringServer((response) => {
      response.writeHead(200).write("[");
    });
    const { error } = await goThrough(server, { client: { timeoutMs: 500 } });
    expect(error).toMatchObject({ operation: "invitations.list", code: "timeout" });
    expect(server.requests).toHaveLength(1);
  });

  test("is left at the caller's deadline", async () => {
    const NOW = Date.now();
    await using server = await startAnsweringServer(stalled);
    const { ids, error } = await goThrough(server, {
      client: { now: () => NOW },
      context: { deadlineAt: NOW + 1_000 },
    });
    expect(ids).toEqual(["first"]);
    expect(error).toMatchObject({ operation: "invitations.list", code: "deadline" });
  });

  test("is left when the caller gives up, with the caller's reason", async () => {
    await using server = await startAnsweringServer(stalled);
    const gaveUp = new AbortController();
    const { ids, error } = await goThrough(server, {
      context: { signal: gaveUp.signal },
      seen: () => gaveUp.abort(new Error("enough")),
    });
    expect(ids).toEqual(["first"]);
    expect(error).toBe(gaveUp.signal.reason);
  });
});

test("a caller that is slower than a request may take gets the whole list", async () => {
  const { answer, go } = inSteps(write(first), end(`${second}]`));
  await using server = await startAnsweringServer(answer);
  const timeoutMs = 1_000;
  const { ids, error } = await goThrough(server, {
    client: { timeoutMs },
    // A timer of the client that went on meanwhile would go off before this one.
    seen: async () => {
      await new Promise((resolve) => setTimeout(resolve, timeoutMs + 100));
      go();
    },
  });
  expect(error).toBeUndefined();
  expect(ids).toEqual(["first", "second"]);
});

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Budget, createBudget } from "../../../lib/logto/budget.ts";
import { parseCredentials } from "../../../lib/logto/credentials.ts";
import { LogtoError, UnavailableError } from "../../../lib/logto/errors.ts";
import { operations } from "../../../lib/logto/operations.ts";
import {
  type Answerer,
  answerJson,
  answerText,
  drop,
  inTurn,
  noContent,
  startAnsweringServer,
} from "./answering-server.ts";
import { type ApiOperation, callOf, someArguments } from "./every-operation.ts";
import { standInWithTenant, tomorrow } from "./tenant.ts";
import { clientWith, testClient } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const names = Object.keys(callOf).filter((name): name is ApiOperation => name in callOf);
const posts = names.filter((name) => operations[name].method === "POST");
const others = names.filter((name) => operations[name].method !== "POST");

/** A GET, a PUT and a DELETE. */
const oneOfEach = ["invitations.get", "invitations.updateStatus", "invitations.delete"] as const;

/** A good answer to any of the operations that are not a POST. */
const good = (operation: ApiOperation): Answerer => {
  if (/\.list/.test(operation)) return answerJson(200, []);
  const method = operations[operation].method;
  return method === "DELETE" || operation === "organizationRoles.replaceResourceScopes"
    ? noContent
    : answerJson(200, { id: "an-id" });
};

const plenty = { requestsPerSecond: 10_000, burst: 10_000 };

/** A failure that passes; Retry-After keeps the test from waiting. */
const passing = (status: number) => answerText(status, "", { "retry-after": "0" });

test.each(others)("%s is sent again, until it succeeds", async (operation) => {
  const answer = inTurn(passing(503), passing(429), good(operation));
  await using server = await startAnsweringServer(answer);

  await callOf[operation](clientWith(server.credentials), someArguments);

  expect(server.requests).toHaveLength(3);
  const [first, second, third] = server.requests;
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(server.tokenRequests).toHaveLength(1);
});

describe.each(oneOfEach)("%s", (operation) => {
  test.each([429, 502, 503, 504])("is sent three times at most on %i", async (status) => {
    await using server = await startAnsweringServer(passing(status));

    const error = await thrownBy(callOf[operation](clientWith(server.credentials), someArguments));

    expect(error).toBeInstanceOf(LogtoError);
    expect(error).toMatchObject({ operation, status, retryAfterSeconds: 0 });
    expect(server.requests).toHaveLength(3);
  });

  test.each([400, 403, 404, 408, 422, 500, 501])("is sent once on %i", async (status) => {
    await using server = await startAnsweringServer(passing(status));

    const error = await thrownBy(callOf[operation](clientWith(server.credentials), someArguments));

    expect(error).toMatchObject({ operation, status });
    expect(server.requests).toHaveLength(1);
  });
});

// At the same time, since each waits between its attempts.
describe.concurrent("a dropped connection", () => {
  test.for(oneOfEach)("makes %s be sent again", async (operation, { expect }) => {
    await using server = await startAnsweringServer(inTurn(drop, drop, good(operation)));
    const client = clientWith(server.credentials, { random: () => 0 });

    await callOf[operation](client, someArguments);

    expect(server.requests).toHaveLength(3);
  });

  test("is the error when it happens three times", async ({ expect }) => {
    await using server = await startAnsweringServer(drop);
    const client = clientWith(server.credentials, { random: () => 0 });

    const error = await thrownBy(client.invitations.get("an-id"));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation: "invitations.get", code: "ECONNRESET" });
    expect(error).toHaveProperty("status", undefined);
    expect(server.requests).toHaveLength(3);
  });
});

describe.each(posts)("%s", (operation) => {
  test.each<[string, Answerer]>([
    ["429", passing(429)],
    ["500", passing(500)],
    ["502", passing(502)],
    ["503", passing(503)],
    ["504", passing(504)],
    ["422", passing(422)],
    ["a dropped connection", drop],
    [
      "half an answer",
      (response) => {
        response.writeHead(201, { "content-length": "100" }).write("{", () => {
          response.socket?.destroy();
        });
      },
    ],
    ["a page in place of an error", answerText(503, "<!doctype html>")],
  ])("is sent once on %s", async (_what, answer) => {
    await using server = await startAnsweringServer(answer);

    const error = await thrownBy(callOf[operation](clientWith(server.credentials), someArguments));

    expect(error).toBeInstanceOf(LogtoError);
    expect(error).toMatchObject({ operation });
    expect(server.requests).toHaveLength(1);
  });
});

test("Retry-After is handed on with the error of a POST", async () => {
  await using server = await startAnsweringServer(answerText(429, "", { "retry-after": "17" }));
  const { resendMessage } = clientWith(server.credentials).invitations;

  expect(await thrownBy(resendMessage("an-id", {}))).toMatchObject({ retryAfterSeconds: 17 });
});

test.each([
  ["lies beyond the deadline", "30", 29_000],
  ["is over 30 seconds", "31", 600_000],
])("Retry-After is not waited for when it %s", async (_what, seconds, leftMs) => {
  await using server = await startAnsweringServer(answerText(503, "", { "retry-after": seconds }));
  const client = clientWith(server.credentials).on({ deadlineAt: Date.now() + leftMs });

  const error = await thrownBy(client.invitations.get("an-id"));

  expect(error).toMatchObject({ status: 503, retryAfterSeconds: Number(seconds) });
  expect(server.requests).toHaveLength(1);
});

test("a server that is not there is told by what the network says", async () => {
  const gone = await startAnsweringServer(drop);
  await gone[Symbol.asyncDispose]();

  const error = await thrownBy(
    clientWith(gone.credentials).oneTimeTokens.create({ email: "a@example.com", expiresIn: 60 }),
  );

  expect(error).toBeInstanceOf(UnavailableError);
  expect(error).toMatchObject({ operation: "token", code: "ECONNREFUSED" });
});

describe("the budget", () => {
  test("is asked before every request, repeats and those for a token included", async () => {
    await using server = await startAnsweringServer(
      inTurn(passing(503), answerJson(401, {}), answerJson(200, { id: "an-id" })),
    );
    let asked = 0;
    const budget: Budget = {
      request: async () => {
        asked++;
      },
      emailCreate: (run) => run(),
    };

    await clientWith(server.credentials, { budget }).invitations.get("an-id");

    expect(server.requests).toHaveLength(3);
    expect(server.tokenRequests).toHaveLength(2);
    expect(asked).toBe(5);
  });

  test("bounds the creates with e-mail that are under way", async () => {
    const logto = await standInWithTenant();
    const budget = createBudget({ ...plenty, emailCreatesInFlight: 2 });
    const { invitations } = testClient(logto, { budget });

    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        invitations.create({
          organizationId: "acme",
          invitee: `invitee-${index}@example.com`,
          expiresAt: tomorrow(),
          message: {},
        }),
      ),
    );

    expect(logto.outbox).toHaveLength(12);
    expect(logto.calls.peak("POST /api/organization-invitations")).toBeLessThanOrEqual(2);
  });

  test("does not bound creates without e-mail, nor messages", async () => {
    const allAsked = Promise.withResolvers<void>();
    await using server = await startAnsweringServer(async (response, request, nth) => {
      if (nth === 6) allAsked.resolve();
      // Answered only once all are there: with a bound that would be never.
      await allAsked.promise;
      const isMessage = request.path.endsWith("/message");
      await (isMessage ? noContent : answerJson(201, { id: "an-id" }))(response, request, nth);
    });
    const budget = createBudget({ ...plenty, emailCreatesInFlight: 1 });
    const { invitations } = clientWith(server.credentials, { budget });
    const invitation = {
      organizationId: "acme",
      invitee: "ada@example.com",
      expiresAt: tomorrow(),
      message: false as const,
    };

    await Promise.all([
      ...[1, 2, 3].map(() => invitations.create(invitation)),
      ...[1, 2, 3].map(() => invitations.resendMessage("an-id", {})),
    ]);

    expect(server.requests).toHaveLength(6);
  });
});

describe("connections", () => {
  test("are kept: two hundred calls one after the other need few", async () => {
    await using server = await startAnsweringServer(
      inTurn(
        answerJson(200, { id: "an-id" }),
        answerJson(404, { code: "entity.not_found" }),
        answerJson(200, { id: "an-id" }),
      ),
    );
    const client = clientWith(server.credentials);

    for (let call = 0; call < 200; call++) await client.invitations.get("an-id").catch(() => {});

    expect(server.requests).toHaveLength(200);
    // One for the token and one for the calls, where the first is not free yet.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  test.each<[string, Answerer]>([
    ["answers without a body", noContent],
    ["answers that are not JSON", answerText(200, "<!doctype html>")],
    ["errors", answerJson(422, { code: "request.invalid_input" })],
    ["errors without a code", answerText(500, "Internal Server Error")],
    ["answers of another shape", answerJson(200, { no: "id" })],
  ])("are kept after %s", async (_what, answer) => {
    await using server = await startAnsweringServer(answer);
    const client = clientWith(server.credentials);

    for (let call = 0; call < 20; call++) await client.invitations.get("an-id").catch(() => {});

    expect(server.requests).toHaveLength(20);
    // One for the token and one for the calls, where the first is not free yet.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  test("closed by the server while this process stood still do not fail the next POST", async () => {
    let now = Date.now();
    const isClosed = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL("./closing-server.ts", import.meta.url), {
      workerData: isClosed,
    });
    onTestFinished(async () => {
      await worker.terminate();
    });
    const [address] = await once(worker, "message");
    const client = clientWith(credentialsAt(address.port), { now: () => now });
    const create = () => client.oneTimeTokens.create({ email: "ada@example.com", expiresIn: 60 });
    await create();

    for (let pause = 0; pause < 3; pause++) {
      Atomics.store(isClosed, 0, 0);
      const event = once(worker, "message");
      worker.postMessage("close");
      // As a frozen Lambda: it wakes with an event and closed connections, the event first.
      expect(Atomics.wait(isClosed, 0, 0, 10_000)).not.toBe("timed-out");
      now += 5_000;
      await event;

      expect(await create()).toMatchObject({ id: "an-id" });
    }
  });
});

const credentialsAt = (port: number) =>
  parseCredentials(
    JSON.stringify({
      endpoint: `http://127.0.0.1:${port}`,
      appId: "an-app",
      appSecret: "a-secret",
    }),
  );

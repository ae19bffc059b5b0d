import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createBudget } from "../../../lib/logto/budget.ts";
import {
  type Answerer,
  type AnsweringServer,
  answerJson,
  answerToken,
  startAnsweringServer,
} from "./answering-server.ts";
import { type ApiOperation, callOf, someArguments } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";

const silence: Answerer = () => {};

/** A budget with leave for so many requests, and no more for an hour. */
const requestsForAnHour = (burst: number) =>
  createBudget({ requestsPerSecond: burst / 3_600, burst, emailCreatesInFlight: 1 });

const calls: readonly ApiOperation[] = [
  "invitations.get",
  "invitations.updateStatus",
  "invitations.delete",
  "oneTimeTokens.create",
  "organizationRoles.list",
];

describe("a caller who gives up", () => {
  const reason = new Error("the caller's own reason");

  /** A client with a signal, a server, and a call that is to be given up. */
  async function begin(
    api: Answerer,
    options: { token?: Answerer; client?: Parameters<typeof clientWith>[1] } = {},
  ) {
    const server = await startAnsweringServer(api, options.token ?? answerToken("a-token"));
    const controller = new AbortController();
    const shared = clientWith(server.credentials, options.client);
    return { server, controller, shared, client: shared.on({ signal: controller.signal }) };
  }

  const expectNothingLeft = ({ signal }: AbortController) =>
    expect(getEventListeners(signal, "abort")).toEqual([]);

  test("before the call makes no request", async () => {
    const { server, client, controller } = await begin(answerJson(200, { id: "an-id" }));
    await using _server: AnsweringServer = server;
    controller.abort(reason);

    await expect(client.invitations.get("an-id")).rejects.toBe(reason);

    expect(server.tokenRequests).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test("without a reason is told by an AbortError", async () => {
    const { server, client, controller } = await begin(answerJson(200, { id: "an-id" }));
    await using _server: AnsweringServer = server;
    controller.abort();

    await expect(client.invitations.get("an-id")).rejects.toMatchObject({ name: "AbortError" });
  });

  test("while the credentials are read gets the reason", async () => {
    const reading = Promise.withResolvers<never>();
    const source = { get: () => reading.promise, refresh: () => reading.promise };
    const { server, client, controller } = await begin(silence, {
      client: { credentials: source },
    });
    await using _server: AnsweringServer = server;

    const call = client.invitations.get("an-id");
    controller.abort(reason);

    await expect(call).rejects.toBe(reason);
    expectNothingLeft(controller);
    reading.reject(new Error("the secret cannot be read"));
  });

  test("while the token is waited for gets the reason, though the token then fails", async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { server, client, controller } = await begin(silence, {
      token: async (response, request, nth) => {
        asked.resolve();
        await released.promise;
        await answerJson(400, { code: "oidc.invalid_target" })(response, request, nth);
      },
    });
    await using _server: AnsweringServer = server;

    const call = client.invitations.get("an-id");
    await asked.promise;
    controller.abort(reason);

    await expect(call).rejects.toBe(reason);
    expectNothingLeft(controller);
    released.resolve();
    expect(server.requests).toEqual([]);
  });

  test("while the budget is waited for gets the reason", async () => {
    const { server, client, shared, controller } = await begin(answerJson(200, { id: "an-id" }), {
      client: { budget: requestsForAnHour(2) },
    });
    await using _server: AnsweringServer = server;
    await shared.invitations.get("an-id");

    const call = client.invitations.get("an-id");
    // Until it waits: the token is there, so there is nothing else to wait for.
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);

    await expect(call).rejects.toBe(reason);
    expectNothingLeft(controller);
    expect(server.requests).toHaveLength(1);
  });

  test("while other creates with e-mail are under way gets the reason", async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { server, client, shared, controller } = await begin(
      async (response, request, nth) => {
        asked.resolve();
        await released.promise;
        await answerJson(201, { id: "an-id" })(response, request, nth);
      },
      { client: { budget: requestsForAnHour(10) } },
    );
    await using _server: AnsweringServer = server;
    const first = callOf["invitations.create"](shared, someArguments);
    await asked.promise;

    const second = callOf["invitations.create"](client, someArguments);
    controller.abort(reason);

    await expect(second).rejects.toBe(reason);
    expectNothingLeft(controller);
    released.resolve();
    await first;
    expect(server.requests).toHaveLength(1);
  });

  test.each(calls)("while %s waits for its answer gets the reason", async (operation) => {
    const closed = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const { server, client, controller } = await begin((response) => {
      response.once("close", closed.resolve);
      asked.resolve();
    });
    await using _server: AnsweringServer = server;

    const call = callOf[operation](client, someArguments);
    await asked.promise;
    controller.abort(reason);

    await expect(call).rejects.toBe(reason);
    await closed.promise;
    expect(server.requests).toHaveLength(1);
  });

  test("while the answer is read gets the reason", async () => {
    const { server, client, controller } = await begin((response) => {
      response.writeHead(200).write('{"id":', () => controller.abort(reason));
    });
    await using _server: AnsweringServer = server;

    await expect(client.invitations.get("an-id")).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  test("while an error is read gets the reason, and not what was read of it", async () => {
    const { server, client, controller } = await begin((response) => {
      response.writeHead(401).write('{"code":', () => controller.abort(reason));
    });
    await using _server: AnsweringServer = server;

    await expect(client.invitations.get("an-id")).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
    expect(server.tokenRequests).toHaveLength(1);
  });

  test("though there is a deadline as well gets the reason", async () => {
    const asked = Promise.withResolvers<void>();
    const { server, shared, controller } = await begin(() => asked.resolve());
    await using _server: AnsweringServer = server;
    const client = shared.on({ signal: controller.signal, deadlineAt: Date.now() + 600_000 });

    const call = client.invitations.get("an-id");
    await asked.promise;
    controller.abort(reason);

    await expect(call).rejects.toBe(reason);
  });

  test.each([
    ["a timeout", new DOMException("The caller's own deadline.", "TimeoutError")],
    ["a TypeError", new TypeError("the caller's own")],
    ["no error at all", "the caller's own"],
  ])("gets the reason, though it is %s", async (_what, odd) => {
    const asked = Promise.withResolvers<void>();
    const { server, client, controller } = await begin(() => asked.resolve());
    await using _server: AnsweringServer = server;

    const call = client.invitations.get("an-id");
    await asked.promise;
    controller.abort(odd);

    await expect(call).rejects.toBe(odd);
    expect(server.requests).toHaveLength(1);
  });

  test("between two attempts gets the reason and sends no other", async () => {
    const waiting = Promise.withResolvers<void>();
    const { server, client, controller } = await begin(
      answerJson(503, {}, { "retry-after": "30" }),
      {
        client: {
          // Asked for when the answer is there, right before the wait.
          random: () => {
            setImmediate(waiting.resolve);
            return 0;
          },
        },
      },
    );
    await using _server: AnsweringServer = server;

    const call = client.invitations.get("an-id");
    await waiting.promise;
    controller.abort(reason);

    await expect(call).rejects.toBe(reason);

    expectNothingLeft(controller);
    expect(server.requests).toHaveLength(1);
  });

  test("leaves other callers alone", async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { server, client, shared, controller } = await begin(async (response, request, nth) => {
      if (nth === 2) asked.resolve();
      await released.promise;
      await answerJson(200, { id: "an-id" })(response, request, nth);
    });
    await using _server: AnsweringServer = server;
    const mine = client.invitations.get("an-id");
    const another = shared.invitations.get("an-id");
    await asked.promise;

    controller.abort(reason);
    await expect(mine).rejects.toBe(reason);
    released.resolve();

    expect(await another).toMatchObject({ id: "an-id" });
  });

  test("after the call has nothing of it on the signal", async () => {
    const { server, client, controller } = await begin(answerJson(200, { id: "an-id" }));
    await using _server: AnsweringServer = server;

    for (let call = 0; call < 10; call++) await client.invitations.get("an-id");

    expectNothingLeft(controller);
  });
});

import { describe, expect, test } from "vitest";
import { createBudget } from "../../../lib/logto/budget.ts";
import type { LogtoClient } from "../../../lib/logto/client.ts";
import { fixedCredentials } from "../../../lib/logto/credentials.ts";
import { UnavailableError } from "../../../lib/logto/errors.ts";
import {
  type Answerer,
  answerJson,
  answerToken,
  startAnsweringServer,
} from "./answering-server.ts";
import { type ApiOperation, callOf, someArguments } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const silence: Answerer = () => {};

/** A client's clock that stands still, so that on no machine a deadline passes before the call. */
const NOW = Date.now();
const atNow = { now: () => NOW };
const SOON = { deadlineAt: NOW + 30 };

/** A budget with leave for so many requests, and no more for an hour. */
const requestsForAnHour = (burst: number) =>
  createBudget({ requestsPerSecond: burst / 3_600, burst, emailCreatesInFlight: 1 });

const get = ({ invitations }: LogtoClient) => invitations.get("an-id");

function expectOutOfTime(error: unknown, operation: ApiOperation = "invitations.get") {
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error).toMatchObject({ operation, code: "deadline", status: undefined });
  expect(String(error)).toContain("there was no time left for it");
}

describe("a deadline that has passed", () => {
  const operations = Object.keys(callOf).filter((name): name is ApiOperation => name in callOf);

  test.each(operations)("is an error of %s, and nothing is sent", async (operation) => {
    await using server = await startAnsweringServer(silence);
    const shared = clientWith(server.credentials);

    const error = await thrownBy(
      callOf[operation](shared.on({ deadlineAt: Date.now() - 1 }), someArguments),
    );

    expectOutOfTime(error, operation);
    expect(server.tokenRequests).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test("keeps a POST from going out with a token that is there", async () => {
    await using server = await startAnsweringServer(answerJson(201, { id: "an-id", token: "t" }));
    const client = clientWith(server.credentials);
    const create = ({ oneTimeTokens }: LogtoClient) =>
      oneTimeTokens.create({ email: "ada@example.com", expiresIn: 60 });
    await create(client);

    for (let call = 0; call < 20; call++) {
      const error = await thrownBy(create(client.on({ deadlineAt: Date.now() })));
      expectOutOfTime(error, "oneTimeTokens.create");
    }

    expect(server.requests).toHaveLength(1);
  });

  test.each([0, -1, 0.5, Number.NEGATIVE_INFINITY, Number.NaN])(
    "is one that leaves %d ms",
    async (leftMs) => {
      await using server = await startAnsweringServer(silence);
      let reads = 0;
      const source = fixedCredentials(server.credentials);
      const get = () => {
        reads++;
        return source.get();
      };
      const credentials = { ...source, get };
      const client = clientWith(server.credentials, { ...atNow, credentials });

      const call = client.on({ deadlineAt: NOW + leftMs }).invitations.get("an-id");

      expectOutOfTime(await thrownBy(call));
      expect(reads).toBe(0);
    },
  );

  test("keeps a call from being repeated", async () => {
    let now = Date.now();
    await using server = await startAnsweringServer((response, request, nth) => {
      now += 1_000_000;
      return answerJson(503, {}, { "retry-after": "0" })(response, request, nth);
    });
    const client = clientWith(server.credentials, { now: () => now });

    const error = await thrownBy(get(client.on({ deadlineAt: now + 500_000 })));

    expect(error).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
  });
});

test.each([
  ["between two milliseconds", 600_000.5],
  ["as far ahead as a timer goes", 2 ** 31 - 1],
  ["further ahead than a timer goes", 2 ** 31],
  ["in thousands of years", Number.MAX_SAFE_INTEGER],
  ["never", Number.POSITIVE_INFINITY],
])("a deadline %s leaves a call alone", async (_when, leftMs) => {
  await using server = await startAnsweringServer(answerJson(200, { id: "an-id" }));
  const client = clientWith(server.credentials, atNow).on({ deadlineAt: NOW + leftMs });

  expect(await get(client)).toMatchObject({ id: "an-id" });
});

describe("a deadline ends the waiting", () => {
  test("for the credentials", async () => {
    await using server = await startAnsweringServer(silence);
    const reading = new Promise<never>(() => {});
    const credentials = { get: () => reading, refresh: () => reading };
    const client = clientWith(server.credentials, { ...atNow, credentials });

    expectOutOfTime(await thrownBy(get(client.on(SOON))));
  });

  test("for credentials that are read again", async () => {
    const refuse = answerJson(401, { code: "oidc.invalid_client" });
    await using server = await startAnsweringServer(silence, refuse);
    const credentials = {
      ...fixedCredentials(server.credentials),
      refresh: () => new Promise<never>(() => {}),
    };
    const client = clientWith(server.credentials, { ...atNow, credentials });

    expectOutOfTime(await thrownBy(get(client.on(SOON))));
  });

  test("for the token, which others go on waiting for", async () => {
    const released = Promise.withResolvers<void>();
    await using server = await startAnsweringServer(
      answerJson(200, { id: "an-id" }),
      async (response, request, nth) => {
        await released.promise;
        await answerToken("a-token")(response, request, nth);
      },
    );
    const client = clientWith(server.credentials, atNow);

    const patient = get(client);
    expectOutOfTime(await thrownBy(get(client.on(SOON))));
    released.resolve();

    expect(await patient).toMatchObject({ id: "an-id" });
    expect(server.tokenRequests).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  test("for the budget", async () => {
    await using server = await startAnsweringServer(answerJson(200, { id: "an-id" }));
    const client = clientWith(server.credentials, { ...atNow, budget: requestsForAnHour(2) });
    await get(client);

    expectOutOfTime(await thrownBy(get(client.on(SOON))));
    expect(server.requests).toHaveLength(1);
  });

  test("for other creates with e-mail", async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await using server = await startAnsweringServer(async (response, request, nth) => {
      asked.resolve();
      await released.promise;
      await answerJson(201, { id: "an-id" })(response, request, nth);
    });
    const budget = requestsForAnHour(10);
    const client = clientWith(server.credentials, { ...atNow, budget });
    const create = (by: LogtoClient) => callOf["invitations.create"](by, someArguments);
    const first = create(client);
    await asked.promise;

    expectOutOfTime(await thrownBy(create(client.on(SOON))), "invitations.create");
    released.resolve();
    await first;
    expect(server.requests).toHaveLength(1);
  });

  test.each([422, 404, 401])("for the rest of an error: %i", async (status) => {
    await using server = await startAnsweringServer((response) => {
      response.writeHead(status).write('{"code":"entity');
    });
    const client = clientWith(server.credentials, atNow);

    expectOutOfTime(await thrownBy(get(client.on(SOON))));
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  test("between two attempts, though the clock was set back in between", async () => {
    let now = 1_000_000;
    await using server = await startAnsweringServer((response, request, nth) => {
      now = 0;
      return answerJson(503, {}, { "retry-after": "30" })(response, request, nth);
    });
    const client = clientWith(server.credentials, { now: () => now });

    expectOutOfTime(await thrownBy(get(client.on({ deadlineAt: now + 100 }))));
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });
});

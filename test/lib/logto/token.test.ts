import { describe, expect, test } from "vitest";
import { NotConfiguredError, UnavailableError } from "../../../lib/logto/errors.ts";
import type { LogtoStandIn } from "../../../local/logto/server.ts";
import {
  type Answerer,
  answerJson,
  answerText,
  answerToken,
  startAnsweringServer,
} from "./answering-server.ts";
import { countedSecret } from "./counted-secret.ts";
import { standInWithTenant } from "./tenant.ts";
import { clientWith, secretOf, testClient } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const tokenRequests = (logto: LogtoStandIn) => logto.calls.count("POST /oidc/token");
const apiCalls = (logto: LogtoStandIn) => logto.calls.count("GET /api/organizations/{id}");

describe("the first token", () => {
  test("is asked for once, and the credentials read once, for 50 calls at the same time", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });

    await Promise.all(Array.from({ length: 50 }, () => client.organizations.get("acme")));

    expect(tokenRequests(server)).toBe(1);
    expect(credentials.reads).toBe(1);
    expect(apiCalls(server)).toBe(50);
  });

  test("is kept for the calls that follow", async () => {
    const server = await standInWithTenant();
    const client = testClient(server);

    for (let call = 0; call < 5; call++) await client.organizations.get("acme");

    expect(tokenRequests(server)).toBe(1);
  });

  test("is asked for again after a failure, which all who waited share", async () => {
    const server = await standInWithTenant();
    server.faults.add({
      on: "POST /oidc/token",
      action: { kind: "answer", status: 500, body: "Internal Server Error" },
      times: 1,
    });
    const client = testClient(server);

    const calls = Array.from({ length: 5 }, () => client.organizations.get("acme"));
    const endings = await Promise.allSettled(calls);

    expect(endings.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
    expect(endings[0]).toMatchObject({
      reason: { operation: "token", status: 500, meaning: "unavailable" },
    });
    expect(tokenRequests(server)).toBe(1);
    expect(await client.organizations.get("acme")).toMatchObject({ id: "acme" });
    expect(tokenRequests(server)).toBe(2);
  });

  test("is asked for with the client in a basic header, form-encoded", async () => {
    const app = { id: "an app:1", secret: "s:e/c+r%e t=ü&" };
    const server = await standInWithTenant({ app });

    expect(await testClient(server).organizations.get("acme")).toMatchObject({ id: "acme" });
  });

  test("is asked for the Management API with the scope all", async () => {
    await using server = await startAnsweringServer(answerJson(200, { id: "acme" }));

    await clientWith(server.credentials).organizations.get("acme");

    const [request] = server.tokenRequests;
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "client_credentials",
      resource: "https://default.logto.app/api",
      scope: "all",
    });
  });

  test("is waited for by others when one caller gives up", async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await using server = await startAnsweringServer(
      answerJson(200, { id: "acme" }),
      async (response, request, nth) => {
        asked.resolve();
        await released.promise;
        await answerToken("a-token")(response, request, nth);
      },
    );
    const client = clientWith(server.credentials);
    const controller = new AbortController();
    const reason = new Error("the caller's own reason");
    const impatient = client.on({ signal: controller.signal }).organizations.get("acme");
    const patient = client.organizations.get("acme");
    await asked.promise;

    controller.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    released.resolve();

    expect(await patient).toMatchObject({ id: "acme" });
    expect(server.tokenRequests).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a token's life", () => {
  test("ends 60 seconds before Logto would end it", async () => {
    let now = Date.parse("2026-03-01T12:00:00Z");
    const server = await standInWithTenant({ now: () => now, tokenLifetimeSeconds: 3_600 });
    const client = testClient(server, { now: () => now });
    await client.organizations.get("acme");

    now += 3_540_000 - 1;
    await client.organizations.get("acme");
    expect(tokenRequests(server)).toBe(1);

    now += 1;
    await client.organizations.get("acme");
    expect(tokenRequests(server)).toBe(2);
  });

  test.each([
    [1, 500],
    [60, 30_000],
    [90, 45_000],
    [119, 59_500],
    [120, 60_000],
    [121, 61_000],
  ])("of %i seconds ends after %i ms, so that a short one is of use", async (seconds, lifeMs) => {
    let now = Date.parse("2026-03-01T12:00:00Z");
    const server = await standInWithTenant({ now: () => now, tokenLifetimeSeconds: seconds });
    const client = testClient(server, { now: () => now });
    await client.organizations.get("acme");

    now += lifeMs - 1;
    await client.organizations.get("acme");
    expect(tokenRequests(server)).toBe(1);

    now += 1;
    await client.organizations.get("acme");
    expect(tokenRequests(server)).toBe(2);
    expect(apiCalls(server)).toBe(3);
  });

  test("of no seconds lasts for one call", async () => {
    const token = answerJson(200, { access_token: "a-token", expires_in: 0, scope: "all" });
    await using server = await startAnsweringServer(answerJson(200, { id: "acme" }), token);
    const client = clientWith(server.credentials);

    await client.organizations.get("acme");
    await client.organizations.get("acme");

    expect(server.tokenRequests).toHaveLength(2);
  });

  test("is renewed by one request when 50 calls find it over", async () => {
    let now = Date.parse("2026-03-01T12:00:00Z");
    const server = await standInWithTenant({ now: () => now });
    const client = testClient(server, { now: () => now });
    await client.organizations.get("acme");

    now += 3_600_000;
    await Promise.all(Array.from({ length: 50 }, () => client.organizations.get("acme")));

    expect(tokenRequests(server)).toBe(2);
  });

  test("ends when the secret names other credentials", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server), 0);
    const client = testClient(server, { credentials });
    await client.organizations.get("acme");

    credentials.text = secretOf(server, server.rotateSecret());
    await client.organizations.get("acme");
    await client.organizations.get("acme");

    expect(tokenRequests(server)).toBe(2);
  });
});

test("credentials that cannot be read are the error, and no request is made", async () => {
  const server = await standInWithTenant();
  const failure = new Error("the secret cannot be read");
  const client = testClient(server, {
    credentials: { get: () => Promise.reject(failure), refresh: () => Promise.reject(failure) },
  });

  await expect(client.organizations.get("acme")).rejects.toBe(failure);

  expect(server.calls.count()).toBe(0);
});

describe("a token without the scope", () => {
  test("is an error of the configuration, and the API is not called with it", async () => {
    const server = await standInWithTenant();
    server.faults.add({ on: "*", action: { kind: "tokenWithoutScope" } });

    const error = await thrownBy(testClient(server).organizations.get("acme"));

    expect(error).toBeInstanceOf(NotConfiguredError);
    expect(error).toMatchObject({ operation: "token", status: 200, code: "no-scope" });
    expect(server.calls.counts()).toEqual({ "POST /oidc/token": 1 });
  });

  test("is not kept: once the app has its role, calls succeed", async () => {
    const server = await standInWithTenant();
    server.faults.add({ on: "*", action: { kind: "tokenWithoutScope" }, times: 1 });
    const client = testClient(server);
    await client.organizations.get("acme").catch(() => {});

    expect(await client.organizations.get("acme")).toMatchObject({ id: "acme" });
  });

  test.each(["", "call", "overall", "al l"])("is one with '%s' for its scope", async (scope) => {
    const token = answerJson(200, { access_token: "a-token", expires_in: 3600, scope });
    await using server = await startAnsweringServer(answerJson(200, { id: "acme" }), token);

    const call = clientWith(server.credentials).organizations.get("acme");

    await expect(call).rejects.toThrow(NotConfiguredError);
    expect(server.requests).toEqual([]);
  });
});

test("the scope may be one among others", async () => {
  const token = answerJson(200, { access_token: "a-token", expires_in: 3600, scope: "a all z" });
  await using server = await startAnsweringServer(answerJson(200, { id: "acme" }), token);

  expect(await clientWith(server.credentials).organizations.get("acme")).toEqual({ id: "acme" });
});

test.each<[string, Answerer]>([
  ["a page", answerText(200, "<!doctype html>")],
  ["nothing", answerText(200, "")],
  ["JSON null", answerJson(200, null)],
  ["no token", answerJson(200, { expires_in: 3600, scope: "all" })],
  ["an empty token", answerJson(200, { access_token: "", expires_in: 3600, scope: "all" })],
  ["no lifetime", answerJson(200, { access_token: "a-token", scope: "all" })],
  ["a lifetime in words", answerJson(200, { access_token: "a", expires_in: "1h", scope: "all" })],
  ["a lifetime below zero", answerJson(200, { access_token: "a", expires_in: -1, scope: "all" })],
])("%s in place of a token is an answer that Logto does not give", async (_what, token) => {
  await using server = await startAnsweringServer(answerJson(200, { id: "acme" }), token);

  const error = await thrownBy(clientWith(server.credentials).organizations.get("acme"));

  expect(error).toBeInstanceOf(UnavailableError);
  expect(error).toMatchObject({ operation: "token", status: 200 });
  expect(server.requests).toEqual([]);
});

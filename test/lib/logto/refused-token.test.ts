import { describe, expect, test } from "vitest";
import { UnauthorizedError } from "../../../lib/logto/errors.ts";
import type { LogtoStandIn } from "../../../local/logto/server.ts";
import { answerJson, answerToken, inTurn, startAnsweringServer } from "./answering-server.ts";
import { countedSecret } from "./counted-secret.ts";
import { standInWithTenant } from "./tenant.ts";
import { clientWith, secretOf, testClient } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const tokenRequests = (logto: LogtoStandIn) => logto.calls.count("POST /oidc/token");
const apiCalls = (logto: LogtoStandIn) => logto.calls.count("GET /api/organizations/{id}");
const refuseApi = (logto: LogtoStandIn, times: number) =>
  logto.faults.add({
    on: "GET /api/organizations/{id}",
    action: { kind: "answer", status: 401, body: { code: "auth.unauthorized" } },
    times,
  });

describe("a token that is refused", () => {
  test("is replaced once, and the call succeeds", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });
    await client.organizations.get("acme");
    server.revokeTokens();

    expect(await client.organizations.get("acme")).toMatchObject({ id: "acme" });

    expect(tokenRequests(server)).toBe(2);
    expect(apiCalls(server)).toBe(3);
    expect(credentials.reads).toBe(1);
  });

  test("is replaced by one request when 50 calls are refused", async () => {
    const server = await standInWithTenant();
    const client = testClient(server);
    await client.organizations.get("acme");
    server.revokeTokens();

    await Promise.all(Array.from({ length: 50 }, () => client.organizations.get("acme")));

    expect(tokenRequests(server)).toBe(2);
  });

  test("is not replaced again by a call that is refused late", async () => {
    const bothAsked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const refuse = answerJson(401, { code: "auth.unauthorized" });
    await using server = await startAnsweringServer(
      async (response, request, nth) => {
        if (nth === 2) bothAsked.resolve();
        if (nth === 1) await bothAsked.promise;
        if (nth === 2) await released.promise;
        await (nth <= 2 ? refuse : answerJson(200, { id: "acme" }))(response, request, nth);
      },
      inTurn(answerToken("first"), answerToken("second"), answerToken("third")),
    );
    const client = clientWith(server.credentials);

    const calls = [client.organizations.get("acme"), client.organizations.get("acme")];
    await Promise.race(calls);
    released.resolve();
    await Promise.all(calls);

    expect(server.tokenRequests).toHaveLength(2);
    expect(server.requests).toHaveLength(4);
  });

  test("makes a POST go out again, since Logto has not carried it out", async () => {
    const server = await standInWithTenant();
    const client = testClient(server);
    await client.organizations.get("acme");
    server.revokeTokens();

    await client.invitations.create({
      organizationId: "acme",
      invitee: "ada@example.com",
      expiresAt: Date.now() + 60_000,
      message: {},
    });

    expect(server.state.invitations.size).toBe(1);
    expect(server.outbox).toHaveLength(1);
  });

  test("twice makes the credentials be read again, once; changed ones get a third token", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });
    await client.organizations.get("acme");
    credentials.text = secretOf(server, server.rotateSecret());
    refuseApi(server, 2);

    expect(await client.organizations.get("acme")).toMatchObject({ id: "acme" });

    expect(credentials.reads).toBe(2);
    expect(tokenRequests(server)).toBe(3);
    expect(apiCalls(server)).toBe(4);
  });

  test("twice is the error when the credentials are unchanged, without another token", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });
    refuseApi(server, 10);

    const error = await thrownBy(client.organizations.get("acme"));

    expect(error).toBeInstanceOf(UnauthorizedError);
    expect(error).toMatchObject({ operation: "organizations.get", code: "auth.unauthorized" });
    expect(credentials.reads).toBe(2);
    expect(tokenRequests(server)).toBe(2);
    expect(apiCalls(server)).toBe(2);
  });

  test("three times is the error, though the credentials changed", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });
    await client.organizations.get("acme");
    credentials.text = secretOf(server, server.rotateSecret());
    refuseApi(server, 10);

    await expect(client.organizations.get("acme")).rejects.toThrow(UnauthorizedError);

    expect(credentials.reads).toBe(2);
    expect(tokenRequests(server)).toBe(3);
    expect(apiCalls(server)).toBe(4);
  });
});

test("a token that the API has refused is not used again by a later call", async () => {
  const tokens = inTurn(answerToken("first"), answerToken("second"));
  await using server = await startAnsweringServer(
    inTurn(answerJson(401, { code: "auth.unauthorized" }), answerJson(200, { id: "acme" })),
    tokens,
  );
  const client = clientWith(server.credentials);

  await client.organizations.get("acme");
  await client.organizations.get("acme");

  expect(server.tokenRequests).toHaveLength(2);
  expect(server.requests).toHaveLength(3);
});

describe("a client that is refused", () => {
  test("makes the credentials be read again, and the new ones are used", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });
    await credentials.get();
    credentials.text = secretOf(server, server.rotateSecret());
    server.removeSecret(server.app.secret);

    expect(await client.organizations.get("acme")).toMatchObject({ id: "acme" });

    expect(credentials.reads).toBe(2);
    expect(tokenRequests(server)).toBe(2);
    expect(apiCalls(server)).toBe(1);
  });

  test("makes them be read once and tried once for 50 calls at the same time", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server));
    const client = testClient(server, { credentials });
    await credentials.get();
    credentials.text = secretOf(server, server.rotateSecret());
    server.removeSecret(server.app.secret);

    await Promise.all(Array.from({ length: 50 }, () => client.organizations.get("acme")));

    expect(credentials.reads).toBe(2);
    expect(tokenRequests(server)).toBe(2);
  });

  test("is the error when the credentials are unchanged, without another request", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server, "not-the-secret"));
    const client = testClient(server, { credentials });

    const error = await thrownBy(client.organizations.get("acme"));

    expect(error).toBeInstanceOf(UnauthorizedError);
    expect(error).toMatchObject({ operation: "token", status: 401, code: "oidc.invalid_client" });
    expect(credentials.reads).toBe(2);
    expect(server.calls.counts()).toEqual({ "POST /oidc/token": 1 });
  });

  test("is the error when the new credentials are refused too", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server, "not-the-secret"));
    const client = testClient(server, { credentials });
    await credentials.get();
    credentials.text = secretOf(server, "not-the-secret-either");

    await expect(client.organizations.get("acme")).rejects.toThrow(UnauthorizedError);

    expect(credentials.reads).toBe(2);
    expect(server.calls.counts()).toEqual({ "POST /oidc/token": 2 });
  });

  test("is the error, and not the failed reading, while the secret cannot be read", async () => {
    const server = await standInWithTenant();
    const credentials = countedSecret(secretOf(server, "not-the-secret"));
    const client = testClient(server, { credentials });
    await credentials.get();
    credentials.text = "the secret has become something else";

    await expect(client.organizations.get("acme")).rejects.toThrow(UnauthorizedError);
  });
});

test("no call fails when the secret is rotated in the middle of 500", async () => {
  const server = await standInWithTenant();
  const credentials = countedSecret(secretOf(server));
  const client = testClient(server, { credentials });
  let begun = 0;
  const worker = async () => {
    while (begun < 500) {
      begun++;
      if (begun === 250) {
        const replacement = server.rotateSecret();
        credentials.text = secretOf(server, replacement);
        server.removeSecret(server.app.secret);
        server.revokeTokens();
      }
      await client.organizations.get("acme");
    }
  };

  await Promise.all(Array.from({ length: 20 }, worker));

  expect(begun).toBe(500);
  // At best one before, one refused and one after; and a second reading of the secret.
  expect(tokenRequests(server)).toBeGreaterThanOrEqual(3);
  expect(tokenRequests(server)).toBeLessThanOrEqual(10);
  expect(credentials.reads).toBeGreaterThanOrEqual(2);
  expect(credentials.reads).toBeLessThanOrEqual(5);
});

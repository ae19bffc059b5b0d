import { describe, expect, test } from "vitest";
import { UnavailableError } from "../../../lib/logto/errors.ts";
import { createHttp } from "../../../lib/logto/http.ts";
import { type Answerer, answerJson, startAnsweringServer } from "./answering-server.ts";
import { type ApiOperation, callOf, someArguments } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const silence: Answerer = () => {};

/** Begins an answer and never ends it. */
const stalled: Answerer = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).write('{"id":"x');
};

const calls: readonly ApiOperation[] = [
  "invitations.get",
  "invitations.updateStatus",
  "invitations.delete",
  "oneTimeTokens.create",
  "organizationRoles.list",
];

const http = createHttp();

describe("a call that takes too long", () => {
  test.each(calls)("is an error, and %s is not repeated", async (operation) => {
    await using server = await startAnsweringServer(silence);
    // At the hour 0, so that on no machine it has passed before the call.
    const client = clientWith(server.credentials, { now: () => 0 }).on({ deadlineAt: 30 });

    const error = await thrownBy(
      callOf[operation](client, { ...someArguments, expiresAt: 86_400_000_000 }),
    );

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation, code: "deadline" });
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  test.each(calls)("is an error by the client's own measure, %s no less", async (operation) => {
    await using server = await startAnsweringServer(silence);
    const client = clientWith(server.credentials, {
      timeoutMs: 30,
      // The same measure is the token's, which is not what this is about: it is given time.
      http: (request) =>
        http(
          request.url.endsWith("/oidc/token")
            ? { ...request, signal: new AbortController().signal }
            : request,
        ),
    });

    const error = await thrownBy(callOf[operation](client, someArguments));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation, code: "timeout" });
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  test("is measured by the time for e-mails when it sends one", async () => {
    await using server = await startAnsweringServer(silence);
    const client = clientWith(server.credentials, {
      timeoutMs: 3_600_000,
      emailTimeoutMs: 30,
    });
    const message = { link: "https://example.com" };

    const created = thrownBy(
      client.invitations.create({
        organizationId: "acme",
        invitee: "ada@example.com",
        expiresAt: Date.now() + 60_000,
        message,
      }),
    );
    const resent = thrownBy(client.invitations.resendMessage("an-id", message));

    expect(await created).toMatchObject({ operation: "invitations.create", code: "timeout" });
    expect(await resent).toMatchObject({ operation: "invitations.resendMessage", code: "timeout" });
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  test("is an error when the answer begins and does not end", async () => {
    await using server = await startAnsweringServer(stalled);
    const client = clientWith(server.credentials, { now: () => 0 }).on({ deadlineAt: 30 });

    const error = await thrownBy(client.invitations.get("an-id"));

    expect(error).toMatchObject({ operation: "invitations.get", code: "deadline" });
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  test("is an error of the token when the token takes too long", async () => {
    await using server = await startAnsweringServer(answerJson(200, { id: "an-id" }), silence);
    const client = clientWith(server.credentials, { timeoutMs: 30 });

    const error = await thrownBy(client.invitations.get("an-id"));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation: "token", code: "timeout" });
    expect(server.tokenRequests.length).toBeLessThanOrEqual(1);
    expect(server.requests).toEqual([]);
  });
});

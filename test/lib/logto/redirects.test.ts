import { describe, expect, test } from "vitest";
import { UnavailableError } from "../../../lib/logto/errors.ts";
import { answerJson, answerText, startAnsweringServer } from "./answering-server.ts";
import { type ApiOperation, callOf, someArguments } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const STATUSES = [300, 301, 302, 303, 304, 307, 308];

const calls: readonly ApiOperation[] = [
  "invitations.get",
  "invitations.list",
  "invitations.updateStatus",
  "invitations.delete",
  "invitations.create",
  "invitations.resendMessage",
  "organizationRoles.assignResourceScopes",
];

function expectRedirect(error: unknown, operation: string, status: number) {
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error).toMatchObject({ operation, status });
  expect(String(error)).toContain("answers with a redirect: check endpoint in the secret");
  expect(String(error)).not.toContain("k4n4ry");
}

describe.each(STATUSES)("a redirect with %i", (status) => {
  test.each(calls)("of %s leads nowhere, and is not repeated", async (operation) => {
    await using elsewhere = await startAnsweringServer(answerJson(200, { id: "an-id" }));
    const location = `${elsewhere.credentials.endpoint}/k4n4ry`;
    await using server = await startAnsweringServer(answerText(status, "", { location }));

    const error = await thrownBy(callOf[operation](clientWith(server.credentials), someArguments));

    expectRedirect(error, operation, status);
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.connections()).toBe(0);
  });

  test("of the token leads nowhere: the secret goes to nobody else", async () => {
    await using elsewhere = await startAnsweringServer(answerJson(200, { id: "an-id" }));
    const location = `${elsewhere.credentials.endpoint}/oidc/token`;
    await using server = await startAnsweringServer(
      answerJson(200, { id: "an-id" }),
      answerText(status, "", { location }),
    );

    const error = await thrownBy(clientWith(server.credentials).invitations.get("an-id"));

    expectRedirect(error, "token", status);
    expect(server.tokenRequests).toHaveLength(1);
    expect(server.requests).toEqual([]);
    expect(elsewhere.connections()).toBe(0);
  });
});

test("a redirect to the same server is not followed either", async () => {
  await using server = await startAnsweringServer(
    answerText(308, "", { location: "/api/organization-invitations/another-id" }),
  );

  const error = await thrownBy(clientWith(server.credentials).invitations.delete("an-id"));

  expectRedirect(error, "invitations.delete", 308);
  expect(server.requests.map(({ path }) => path)).toEqual(["/api/organization-invitations/an-id"]);
});

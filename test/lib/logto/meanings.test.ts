import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  AlreadyExistsError,
  AlreadyMemberError,
  EmailProviderFailedError,
  EndedError,
  InvalidError,
  LogtoError,
  NotConfiguredError,
  NotFoundError,
  RateLimitedError,
  RecipientRateLimitedError,
  ReferenceNotFoundError,
  UnauthorizedError,
  UnavailableError,
} from "../../../lib/logto/errors.ts";
import { meaningOf, meaningRows } from "../../../lib/logto/meanings.ts";
import type { Operation } from "../../../lib/logto/operations.ts";
import { answerJson, answerText, answerToken, startAnsweringServer } from "./answering-server.ts";
import { callOf } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const expectedErrors = {
  "not-found": NotFoundError,
  "already-exists": AlreadyExistsError,
  "already-a-member": AlreadyMemberError,
  "reference-not-found": ReferenceNotFoundError,
  ended: EndedError,
  invalid: InvalidError,
  "rate-limited": RateLimitedError,
  "recipient-rate-limited": RecipientRateLimitedError,
  "email-provider-failed": EmailProviderFailedError,
  "not-configured": NotConfiguredError,
  unauthorized: UnauthorizedError,
  unavailable: UnavailableError,
} as const;

/** Method and path template of each operation, from Logto's documentation. */
const expectedRequests: Readonly<Record<Operation, readonly [method: string, path: string]>> = {
  token: ["POST", "/oidc/token"],
  "invitations.list": ["GET", "/api/organization-invitations"],
  "invitations.create": ["POST", "/api/organization-invitations"],
  "invitations.get": ["GET", "/api/organization-invitations/{id}"],
  "invitations.delete": ["DELETE", "/api/organization-invitations/{id}"],
  "invitations.resendMessage": ["POST", "/api/organization-invitations/{id}/message"],
  "invitations.updateStatus": ["PUT", "/api/organization-invitations/{id}/status"],
  "organizationRoles.list": ["GET", "/api/organization-roles"],
  "organizationRoles.listResourceScopes": ["GET", "/api/organization-roles/{id}/resource-scopes"],
  "organizationRoles.assignResourceScopes": [
    "POST",
    "/api/organization-roles/{id}/resource-scopes",
  ],
  "organizationRoles.replaceResourceScopes": [
    "PUT",
    "/api/organization-roles/{id}/resource-scopes",
  ],
  "organizationRoles.removeResourceScope": [
    "DELETE",
    "/api/organization-roles/{id}/resource-scopes/{scopeId}",
  ],
  "resources.list": ["GET", "/api/resources"],
  "organizations.list": ["GET", "/api/organizations"],
  "organizations.get": ["GET", "/api/organizations/{id}"],
  "users.list": ["GET", "/api/users"],
  "oneTimeTokens.create": ["POST", "/api/one-time-tokens"],
};

type Case = readonly [
  operation: Operation,
  status: number,
  /** `null`: the answer is plain text. */
  code: string | null,
  meaning: keyof typeof expectedErrors,
];

/** What Logto answers, as observed, and what it means. */
const cases: readonly Case[] = [
  ["token", 401, "oidc.invalid_client", "unauthorized"],
  ["token", 400, "oidc.invalid_client", "unauthorized"],
  ["token", 400, "oidc.invalid_target", "not-configured"],
  ["token", 400, "oidc.invalid_request", "not-configured"],
  ["token", 401, "oidc.unauthorized_client", "not-configured"],
  ["token", 404, "entity.not_found", "not-configured"],
  ["token", 404, null, "not-configured"],
  ["token", 422, "guard.invalid_input", "not-configured"],
  ["token", 429, null, "rate-limited"],
  ["token", 307, null, "unavailable"],
  ["token", 500, null, "unavailable"],

  ["invitations.create", 422, "entity.unique_integrity_violation", "already-exists"],
  ["invitations.create", 422, "request.invalid_input", "already-a-member"],
  ["invitations.create", 422, "entity.relation_foreign_key_not_found", "reference-not-found"],
  ["invitations.create", 422, "entity.value_too_long", "invalid"],
  ["invitations.create", 400, "request.invalid_input", "invalid"],
  ["invitations.create", 400, "guard.invalid_input", "invalid"],
  ["invitations.create", 400, "connector.general", "email-provider-failed"],
  ["invitations.create", 400, "connector.template_not_found", "not-configured"],
  ["invitations.create", 501, "connector.not_found", "not-configured"],
  ["invitations.create", 429, "request.message_rate_limited", "recipient-rate-limited"],
  ["invitations.create", 500, null, "unavailable"],

  ["invitations.resendMessage", 400, "connector.general", "email-provider-failed"],
  ["invitations.resendMessage", 400, "connector.template_not_found", "not-configured"],
  ["invitations.resendMessage", 501, "connector.not_found", "not-configured"],
  ["invitations.resendMessage", 429, "request.message_rate_limited", "recipient-rate-limited"],
  ["invitations.resendMessage", 400, "guard.invalid_input", "invalid"],
  ["invitations.resendMessage", 404, "entity.not_found", "not-found"],

  ["invitations.updateStatus", 422, "request.invalid_input", "ended"],
  ["invitations.updateStatus", 422, "entity.db_constraint_violated", "invalid"],
  ["invitations.updateStatus", 404, "entity.not_found", "not-found"],
  ["invitations.updateStatus", 400, "guard.invalid_input", "invalid"],

  ["invitations.list", 400, "guard.invalid_input", "invalid"],
  ["invitations.list", 500, null, "unavailable"],
  ["invitations.get", 404, "entity.not_found", "not-found"],
  ["invitations.delete", 404, "entity.not_found", "not-found"],

  [
    "organizationRoles.assignResourceScopes",
    422,
    "entity.relation_foreign_key_not_found",
    "reference-not-found",
  ],
  ["organizationRoles.assignResourceScopes", 400, "guard.invalid_input", "invalid"],
  [
    "organizationRoles.replaceResourceScopes",
    422,
    "entity.relation_foreign_key_not_found",
    "reference-not-found",
  ],
  ["organizationRoles.replaceResourceScopes", 422, "entity.unique_integrity_violation", "invalid"],
  ["organizationRoles.removeResourceScope", 404, "entity.not_found", "not-found"],
  ["organizationRoles.listResourceScopes", 404, "entity.not_found", "not-found"],
  ["organizationRoles.list", 400, "guard.invalid_pagination", "invalid"],

  ["organizations.get", 404, "entity.not_exists_with_id", "not-found"],
  ["organizations.list", 400, "guard.invalid_pagination", "invalid"],
  ["users.list", 400, "request.invalid_input", "invalid"],
  ["resources.list", 500, null, "unavailable"],
  ["oneTimeTokens.create", 400, "guard.invalid_input", "invalid"],

  // What any call may be answered, with a POST, which is not repeated.
  ["invitations.create", 401, "auth.unauthorized", "unauthorized"],
  ["invitations.create", 401, "auth.authorization_header_missing", "unauthorized"],
  ["invitations.create", 403, "auth.forbidden", "not-configured"],
  ["invitations.create", 404, null, "not-configured"],
  ["oneTimeTokens.create", 405, null, "not-configured"],
  ["invitations.create", 408, null, "unavailable"],
  ["invitations.create", 413, null, "invalid"],
  ["invitations.create", 429, null, "rate-limited"],
  ["organizationRoles.assignResourceScopes", 502, null, "unavailable"],
  ["invitations.resendMessage", 503, null, "unavailable"],
  ["oneTimeTokens.create", 504, null, "unavailable"],
  ["invitations.get", 302, null, "unavailable"],

  // The code of one operation says nothing about another.
  ["oneTimeTokens.create", 422, "entity.unique_integrity_violation", "invalid"],
  ["invitations.delete", 422, "request.invalid_input", "invalid"],
  ["oneTimeTokens.create", 429, "request.message_rate_limited", "rate-limited"],
  ["oneTimeTokens.create", 400, "connector.general", "invalid"],
];

/** Stands in everything that no error may show. */
const CANARY = "k4n4ry";

describe.each(cases)("%s answered %i %s", (operation, status, code, meaning) => {
  test(`is ${meaning}, and the error shows nothing of the call`, async () => {
    const headers = { "logto-core-request-id": "request-1" };
    const answer =
      code === null
        ? answerText(status, `${CANARY} text`, headers)
        : answerJson(status, { code, message: CANARY, data: { link: CANARY } }, headers);
    await using server = await startAnsweringServer(
      answer,
      operation === "token" ? answer : answerToken(`${CANARY}-token`),
    );
    const client = clientWith({
      ...server.credentials,
      appId: `${CANARY}-app`,
      appSecret: `${CANARY}-secret`,
    });
    const call = callOf[operation === "token" ? "invitations.create" : operation];

    const error = await thrownBy(
      call(client, {
        id: `${CANARY}-id`,
        address: `${CANARY}@example.com`,
        link: `https://example.com/${CANARY}`,
        expiresAt: Date.now() + 86_400_000,
      }),
    );

    expect(error).toBeInstanceOf(LogtoError);
    expect(error).toBeInstanceOf(expectedErrors[meaning]);
    if (!(error instanceof LogtoError)) return;
    const [method, path] = expectedRequests[operation];
    expect(error).toMatchObject({
      name: expectedErrors[meaning].name,
      meaning,
      operation,
      method,
      path,
      status,
      code: code ?? undefined,
      requestId: "request-1",
    });
    expect(error.message).toContain(`${method} ${path}`);
    const shown = [error.message, error.stack, String(error), JSON.stringify(error)].join("\n");
    expect(shown).not.toContain(CANARY);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(CANARY);
  });
});

test("every row that an answer can lead to is met by some case", () => {
  const met = new Set(
    cases.map(([operation, status, code]) => meaningOf(operation, status, code ?? undefined)),
  );

  expect(meaningRows.filter((row) => !met.has(row))).toEqual([]);
});

test.each([
  ["a blank", "has a blank"],
  ["a line break", "code\nforged log line"],
  ["markup", "<script>"],
  ["more than 100 characters", "c".repeat(101)],
  ["a type that is no text", 42],
])("a code with %s is not taken over into the error", async (_what, code) => {
  await using server = await startAnsweringServer(answerJson(422, { code }));
  const client = clientWith(server.credentials);

  const error = await thrownBy(client.invitations.get("an-id"));

  expect(error).toBeInstanceOf(InvalidError);
  expect(error).toHaveProperty("code", undefined);
});

test.each([
  ["a blank", "request 1"],
  ["more than 64 characters", "r".repeat(65)],
  ["markup", "<b>"],
])("a request id with %s is not taken over into the error", async (_what, requestId) => {
  const answer = answerJson(404, { code: "x.y" }, { "logto-core-request-id": requestId });
  await using server = await startAnsweringServer(answer);

  const error = await thrownBy(clientWith(server.credentials).invitations.get("an-id"));

  expect(error).toHaveProperty("requestId", undefined);
});

test.each([
  ["a JSON list", []],
  ["JSON null", null],
  ["a JSON text", "code"],
  ["an empty object", {}],
])("an error body that is %s has no code", async (_what, body) => {
  await using server = await startAnsweringServer(answerJson(404, body));

  const error = await thrownBy(clientWith(server.credentials).invitations.get("an-id"));

  expect(error).toBeInstanceOf(NotConfiguredError);
  expect(error).toHaveProperty("code", undefined);
});

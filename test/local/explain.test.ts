import { describe, expect, test } from "vitest";
import { InvalidCredentialsError } from "../../lib/logto/credentials.ts";
import { logtoError, type Meaning } from "../../lib/logto/errors.ts";
import { meaningRows } from "../../lib/logto/meanings.ts";
import { SecretUnavailableError } from "../../lib/runtime/secret.ts";
import { explain } from "../../local/explain.ts";

/** An error as the AWS SDK throws it. */
const awsError = (name: string, message = "UnknownError", more: object = {}): Error =>
  Object.assign(new Error(message), { name }, more);

describe("errors of AWS", () => {
  test.each([
    ["Error", "Region is missing", {}, /^AWS_REGION is not set: /],
    ["CredentialsProviderError", "Could not load", {}, /^No AWS credentials were found: set /],
    ["TokenProviderError", "Token is expired", {}, /run aws sso login/],
    ["ExpiredTokenException", "", {}, /credentials have expired .*: check AWS_PROFILE/],
    [
      "UnrecognizedClientException",
      "",
      {},
      /credentials are not known to it .*: check AWS_PROFILE/,
    ],
    ["SignatureDoesNotMatch", "", {}, /credentials do not fit together .*: check AWS_PROFILE/],
    [
      "AccessDeniedException",
      "User: x is not authorized\n to perform: sqs:SendMessage.",
      {},
      /^AWS does not allow it: User: x is not authorized to perform: sqs:SendMessage\. Use /,
    ],
    ["ThrottlingException", "Rate exceeded", {}, /^AWS has had too many requests .*: try again/],
    ["QueueDoesNotExist", "", {}, /^There is no such queue: check /],
    ["TimeoutError", "socket hang up", {}, /^AWS does not answer in time: check /],
    ["Error", "connect", { code: "ECONNREFUSED" }, /^AWS does not answer \(ECONNREFUSED\): check /],
    ["Error", "dns", { code: "ENOTFOUND" }, /^There is no such AWS endpoint .*: check the region/],
    ["SyntaxError", "Deserialization error: x", {}, /^What answers is not AWS: check /],
  ])("%s %j is one sentence that says what to do", (name, message, more, sentence) => {
    const error = awsError(name, message, more);
    expect(explain(error)).toMatch(sentence);
    expect(explain(error)).not.toContain("\n");
    expect(explain(new Error("outer", { cause: error }))).toBe(explain(error));
  });

  test("a file that is not there is no network that does not answer", () => {
    const error = awsError("Error", "ENOENT: no such file, open 'x'", { code: "ENOENT" });
    expect(explain(error)).toBe("ENOENT: no such file, open 'x'");
  });
});

describe("errors of Logto", () => {
  const rows = meaningRows.map(
    ({ meaning, sentence, code }) => [meaning, sentence, code ?? undefined] as const,
  );

  test.each(rows)("%s, %s: is one sentence", (meaning, sentence, code) => {
    const failure = {
      operation: "invitations.create",
      status: 422,
      ...(code ? { code } : {}),
    } as const;
    const told = explain(logtoError(meaning, sentence, failure));
    expect(told).toMatch(/^[A-Z][^\n]* \(POST \/api\/organization-invitations: 422[^\n]*\.$/);
  });

  const advised: readonly (readonly [Meaning, RegExp])[] = [
    ["unavailable", /\): try again/],
    ["rate-limited", /\): wait ten seconds and try again/],
    ["recipient-rate-limited", /\): try again in ten minutes/],
    ["email-provider-failed", /\): see to the e-mail connector/],
    ["reference-not-found", /\): check the ids/],
    ["not-found", /\): check the id, /],
  ];

  test.each(advised)("%s says what to do", (meaning, advice) => {
    const failure = { operation: "invitations.get", status: 500 } as const;
    expect(explain(logtoError(meaning, "something is so", failure))).toMatch(advice);
  });

  test("an answer that only another server would give has the endpoint checked", () => {
    const failure = { operation: "token", status: 200, code: "not-json" } as const;
    expect(explain(logtoError("unavailable", "the answer is not Logto's", failure))).toBe(
      "The answer is not Logto's (POST /oidc/token: 200 not-json): check the endpoint in its credentials.",
    );
  });

  test("what tells already what to do is told no more", () => {
    const failure = { operation: "invitations.list", status: 403 } as const;
    expect(explain(logtoError("not-configured", "the app lacks it: give it a role", failure))).toBe(
      "The app lacks it: give it a role (GET /api/organization-invitations: 403).",
    );
  });
});

test.each([
  new SecretUnavailableError("the secret x"),
  new InvalidCredentialsError("the secret x"),
])("%s is a sentence", (error) => {
  expect(explain(error)).toBe("The secret x.");
});

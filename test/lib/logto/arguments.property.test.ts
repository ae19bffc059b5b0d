import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../../../lib/logto/arguments.ts";
import type { LogtoClient } from "../../../lib/logto/client.ts";
import { LogtoError } from "../../../lib/logto/errors.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { invitation, pathArguments, textArguments, variableArguments } from "./every-argument.ts";
import { testClient } from "./test-client.ts";

describe("whatever an argument is", () => {
  let logto: LogtoStandIn;
  let client: LogtoClient;
  beforeAll(async () => {
    logto = await startLogtoStandIn();
    logto.seed({
      organizations: [{ id: "acme", name: "Acme" }],
      users: [{ id: "ada", primaryEmail: "ada@example.com" }],
    });
    client = testClient(logto);
    // Takes the token, so that every later request is the call's own.
    await client.users.findByEmail("ada@example.com");
  });
  afterAll(() => logto.stop());

  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("/", "\\", ".", "%", "2e", "?", "#", "{", "}", "$", "&") }),
    fc.constantFrom(
      "\ud800",
      "a\udfff",
      "__proto__",
      "constructor",
      "null",
      "%00",
      "ada@example.com",
    ),
  );
  const everyCall = fc.constantFrom(
    ...Object.values(pathArguments),
    ...Object.values(textArguments),
    ...Object.values(variableArguments),
  );

  /** Makes a call and checks that it ended in one of the three ways there are. */
  async function expectClassified(call: () => Promise<unknown>): Promise<void> {
    logto.calls.reset();

    const ending = await call().then(
      () => "an answer" as const,
      (thrown: unknown) => thrown,
    );

    if (ending instanceof InvalidArgumentError) {
      expect(logto.calls.count()).toBe(0);
      return;
    }
    expect(ending === "an answer" || ending instanceof LogtoError).toBe(true);
    expect(logto.calls.count()).toBe(1);
    const [{ status = 0, operation = "" } = {}] = logto.calls.recent();
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expect(operation).not.toContain("(unknown)");
  }

  test("a call is refused without a request, or ends in an answer or an error of Logto", () =>
    fc.assert(
      fc.asyncProperty(everyCall, anyText, (call, value) =>
        expectClassified(() => call(client, value)),
      ),
      { numRuns: 500 },
    ));

  test("so is an expiry", () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()), (expiresAt) =>
        expectClassified(() => client.invitations.create({ ...invitation(), expiresAt })),
      ),
      { numRuns: 200 },
    ));

  test("so is the lifetime of a one-time token", () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()), (expiresIn) =>
        expectClassified(() => client.oneTimeTokens.create({ email: "a@example.com", expiresIn })),
      ),
      { numRuns: 200 },
    ));
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../../../lib/logto/arguments.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import {
  type Call,
  invitation,
  pathArguments,
  textArguments,
  variableArguments,
} from "./every-argument.ts";
import { standInWithTenant } from "./tenant.ts";
import { testClient } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const noText: readonly (readonly [string, string])[] = [
  ["empty", ""],
  ["a blank", " "],
  ["blanks of all kinds", " \t\u00a0\u2003\ufeff"],
];
const noVariable: readonly (readonly [string, string])[] = [
  ["text with a NUL", "k4n4ry\0"],
  ["text with an escape character", "k4n4ry\u001b[31m"],
  ["text with a delete character", "\u007fk4n4ry"],
  ["text with a C1 control character", "k4n\u00854ry"],
  ["text with half a surrogate pair", "k4n4ry\ud83c"],
  ["text with a pair the wrong way round", "\udf89\ud83ck4n4ry"],
];
const noName: readonly (readonly [string, string])[] = [
  ...noText,
  ...noVariable,
  ["text with a line break", "k4n4ry\r\n"],
  ["text with a tab", "k4n\t4ry"],
];
const noPath: readonly (readonly [string, string])[] = [
  ...noName,
  ["a dot", "."],
  ["two dots", ".."],
];

const refused = [
  ...casesOf(pathArguments, noPath),
  ...casesOf(textArguments, noName),
  ...casesOf(variableArguments, noVariable),
];

function casesOf(
  calls: Readonly<Record<string, Call>>,
  values: readonly (readonly [string, string])[],
) {
  return Object.entries(calls).flatMap(([what, call]) =>
    values.map(([problem, value]) => ({ what, call, problem, value })),
  );
}

describe("without a request", () => {
  let logto: LogtoStandIn;
  beforeAll(async () => {
    logto = await startLogtoStandIn();
  });
  beforeEach(() => logto.calls.reset());
  afterAll(() => logto.stop());

  test.each(refused)("$what refuses $problem", async ({ call, value }) => {
    const error = await thrownBy(call(testClient(logto), value));

    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(`${error}`).not.toMatch(/k4n/);
    expect(logto.calls.count()).toBe(0);
  });

  test("assignResourceScopes refuses an empty list", async () => {
    const assigned = testClient(logto).organizationRoles.assignResourceScopes("editor", []);

    await expect(assigned).rejects.toThrow(InvalidArgumentError);
    expect(logto.calls.count()).toBe(0);
  });

  const now = Date.parse("2026-03-01T12:00:00Z");
  test.each([
    ["in seconds", (now + DAY_MS) / 1000],
    ["in the past", now - 1],
    ["now", now],
    ["well beyond a year", now + 380 * DAY_MS],
    ["beyond every date", 9_000_000_000_000_000],
    ["in microseconds", (now + DAY_MS) * 1000],
    ["not a number", Number.NaN],
    ["infinite", Number.POSITIVE_INFINITY],
    ["half a millisecond", now + DAY_MS + 0.5],
    ["zero", 0],
    ["negative", -now],
  ])("invitations.create refuses an expiry that is %s", async (_what, expiresAt) => {
    const client = testClient(logto, { now: () => now });

    const created = client.invitations.create({ ...invitation(), expiresAt });

    await expect(created).rejects.toThrow(InvalidArgumentError);
    expect(logto.calls.count()).toBe(0);
  });

  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "oneTimeTokens.create refuses a lifetime of %d seconds",
    async (expiresIn) => {
      const client = testClient(logto);

      const created = client.oneTimeTokens.create({ email: "ada@example.com", expiresIn });

      await expect(created).rejects.toThrow(InvalidArgumentError);
      expect(logto.calls.count()).toBe(0);
    },
  );
});

describe("with a request", () => {
  test.each([
    ["a millisecond ahead", 1],
    ["a year ahead", 365 * DAY_MS],
  ])("invitations.create takes an expiry %s", async (_what, aheadMs) => {
    const now = Date.parse("2026-03-01T12:00:00Z");
    const logto = await standInWithTenant({ now: () => now });
    const client = testClient(logto, { now: () => now });

    const created = await client.invitations.create({
      ...invitation(),
      expiresAt: now + aheadMs,
    });

    expect(created.expiresAt).toBe(now + aheadMs);
  });

  test.each([
    ["lines", "Hello,\r\n\twelcome.\n"],
    ["nothing", ""],
    ["blanks", "  "],
    ["pairs of surrogates", "🎉"],
  ])("a variable of the e-mail may hold %s", async (_what, greeting) => {
    const logto = await standInWithTenant();

    await testClient(logto).invitations.create({ ...invitation(), message: { greeting } });

    expect(logto.outbox[0]?.payload).toMatchObject({ greeting });
  });
});

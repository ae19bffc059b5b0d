import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createEvent } from "../support/events.ts";
import { awsEnvironment, NOTHING_LISTENS } from "../support/queues.ts";
import { roleScopesJson } from "../support/role-scopes-event.ts";

const notSupported = () => {
  throw new Error("not supported");
};

const context: Context = {
  awsRequestId: "request-1",
  callbackWaitsForEmptyEventLoop: true,
  functionName: "test",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:test",
  memoryLimitInMB: "256",
  logGroupName: "",
  logStreamName: "",
  getRemainingTimeInMillis: () => 45_000,
  done: notSupported,
  fail: notSupported,
  succeed: notSupported,
};

type Handler = (payload: unknown, context: Context) => Promise<unknown>;
let invitations: Handler;
let roleScopes: Handler;
let deadLetters: Handler;
let reconcile: Handler;

const queue = `${NOTHING_LISTENS}/000000000000/queue.fifo`;
const complete = {
  ...awsEnvironment(NOTHING_LISTENS),
  LOGTO_SECRET_ID: "tests/logto",
  QUEUE_URL: queue,
  DEAD_LETTER_QUEUE_URL: queue,
  INVITATIONS_QUEUE_URL: queue,
  INVITATIONS_DEAD_LETTER_QUEUE_URL: queue,
  ROLE_SCOPES_QUEUE_URL: queue,
  ROLE_SCOPES_DEAD_LETTER_QUEUE_URL: queue,
};

// A function asks for its settings once. Each test has a fresh one, as if it were another container.
beforeEach(async () => {
  vi.resetModules();
  // An invocation that fails warns that it has no metrics to tell of: through the console then.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.spyOn(console, "warn").mockImplementation(() => {});
  invitations = (await import("../../functions/invitations.ts")).handler;
  roleScopes = (await import("../../functions/role-scopes.ts")).handler;
  deadLetters = (await import("../../functions/dead-letters.ts")).handler;
  reconcile = (await import("../../functions/reconcile.ts")).handler;
  for (const [name, value] of Object.entries(complete)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const failure = (handler: Handler, payload: unknown): Promise<unknown> =>
  handler(payload, context).then(
    () => expect.fail("it went on"),
    (error: unknown) => error,
  );
async function expectUnusable(handler: Handler, name: string, value: string): Promise<void> {
  vi.stubEnv(name, value);
  expect(await failure(handler, batch)).toMatchObject({
    name: "SettingsError",
    message: expect.stringMatching(new RegExp(`^${name} cannot be used: set it to [^\\n]+\\.$`)),
  });
}
const saying = (sentence: string) => ({ name: "SettingsError", message: sentence });

const batch = { Records: [] };

describe.each([
  ["invitations", () => invitations, createEvent()],
  ["role-scopes", () => roleScopes, roleScopesJson("assign")],
] as const)("functions/%s", (_function, handler, event) => {
  test.each<[string, unknown]>([
    ["LOGTO_SECRET_ID", event],
    ["LOGTO_SECRET_ID", batch],
    ["QUEUE_URL", batch],
    ["DEAD_LETTER_QUEUE_URL", batch],
  ])(
    "without %s ends in a sentence that names it and says what it must be",
    async (name, payload) => {
      vi.stubEnv(name, "");
      const error = await failure(handler(), payload);
      expect(error).toMatchObject({
        name: "SettingsError",
        message: expect.stringMatching(new RegExp(`^${name} is not set: set it to [^\\n]+\\.$`)),
      });
    },
  );

  test.each([
    ["QUEUE_URL", "invitations.fifo"],
    ["DEAD_LETTER_QUEUE_URL", "invitations-dead-letters.fifo"],
    ["MAXIMUM_CONCURRENCY", "0"],
    ["LOGTO_REQUESTS_PER_SECOND", "many"],
    ["LOGTO_REQUEST_BURST", "1.5"],
    ["LOGTO_EMAIL_CREATES_IN_FLIGHT", "-1"],
    ["LOGTO_TIMEOUT", "10"],
    ["LOGTO_EMAIL_TIMEOUT", "P1M"],
    ["LOGTO_SECRET_TTL", "PT0S"],
    ["OUTCOME_TOPIC_ARN", "outcomes"],
  ])("with a %s of %j ends in a sentence that does not quote it", (name, value) =>
    expectUnusable(handler(), name, value),
  );

  test("with all it needs goes on, also after an invocation that failed for a setting", async () => {
    vi.stubEnv("LOGTO_SECRET_ID", "");
    await failure(handler(), batch);
    vi.stubEnv("LOGTO_SECRET_ID", "tests/logto");
    expect(await handler()(batch, context)).toEqual({ batchItemFailures: [] });
  });
});

describe("functions/invitations", () => {
  const own = [
    ["INVITATION_EXPIRES_IN", "7 days"],
    ["INVITATION_MESSAGE", "{locale:en}"],
    ["INVITATION_LINK", "https://app.example/{token}"],
    ["INVITATION_IF_PENDING", "Keep"],
  ] as const;

  test.each(own)("with a %s of %j ends in a sentence that does not quote it", (name, value) =>
    expectUnusable(invitations, name, value),
  );

  test("alone has settings about invitations", async () => {
    for (const [name, value] of own) vi.stubEnv(name, value);
    expect(await roleScopes(batch, context)).toEqual({ batchItemFailures: [] });
  });
});

describe("functions/dead-letters", () => {
  test.each([
    ["INVITATIONS_QUEUE_URL", "the URL of the queue invitations"],
    ["INVITATIONS_DEAD_LETTER_QUEUE_URL", "the URL of the dead-letter queue of invitations"],
    ["ROLE_SCOPES_QUEUE_URL", "the URL of the queue role-scopes"],
    ["ROLE_SCOPES_DEAD_LETTER_QUEUE_URL", "the URL of the dead-letter queue of role-scopes"],
  ])("without %s ends in a sentence that names it", async (name, expected) => {
    vi.stubEnv(name, "");
    expect(await failure(deadLetters, { action: "list" })).toMatchObject(
      saying(`${name} is not set: set it to ${expected}.`),
    );
    vi.stubEnv(name, "invitations.fifo");
    expect(await failure(deadLetters, { action: "list" })).toMatchObject(
      saying(`${name} cannot be used: set it to ${expected}.`),
    );
  });
});

describe("functions/reconcile", () => {
  test.each(["LOGTO_SECRET_ID", "INVITATIONS_QUEUE_URL", "ROLE_SCOPES_QUEUE_URL"])(
    "without %s ends in a sentence that names it and says what it must be",
    async (name) => {
      vi.stubEnv(name, "");
      expect(await failure(reconcile, {})).toMatchObject({
        name: "SettingsError",
        message: expect.stringMatching(new RegExp(`^${name} is not set: set it to [^\\n]+\\.$`)),
      });
    },
  );

  test.each([
    ["INVITATIONS_QUEUE_URL", "invitations.fifo"],
    ["RECONCILE_EVERY", "PT5H"],
    ["INVITATION_REMIND_AFTER", "three days"],
    ["INVITATION_DELETE_ENDED_AFTER", "PT1H"],
  ])("with a %s of %j ends in a sentence that names it", async (name, value) => {
    vi.stubEnv(name, value);
    expect(await failure(reconcile, {})).toMatchObject({
      name: "SettingsError",
      message: expect.stringMatching(new RegExp(`^${name} cannot be used: set it to `)),
    });
  });

  test("with a declaration that is none tells the mistakes in it", async () => {
    vi.stubEnv("ROLE_SCOPES_FILE", "package.json");
    expect(await failure(reconcile, {})).toMatchObject({
      name: "DeclarationError",
      message: expect.stringMatching(/^package\.json:\d+:\d+: /),
    });
  });
});

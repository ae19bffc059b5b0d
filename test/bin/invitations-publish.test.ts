import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";

let world: CommandWorld;
beforeAll(async () => {
  world = await startCommandWorld();
  world.logto.seed({
    invitations: [
      {
        id: "inv-ada",
        organizationId: "acme",
        invitee: "ada@example.com",
        expiresAt: Date.now() + 86_400_000,
      },
    ],
  });
});
beforeEach(() => world.logto.calls.reset());
afterAll(() => world.stop());

const run = (...parameters: readonly string[]) => world.run(["invitations", ...parameters]);

/** The one event that was published meanwhile. */
async function publishedEvent(): Promise<unknown> {
  const messages = await world.published("invitations");
  expect(messages).toHaveLength(1);
  return JSON.parse(messages[0]?.Body ?? "");
}

const ADA = ["--organization", "acme", "--invitee", "ada@example.com"] as const;

describe("what is published", () => {
  test.each([
    [
      "create",
      [
        ...[...ADA, "--role", "member", "--role", "role-reader", "--inviter", "ada"],
        ...[
          "--expires-in",
          "P14D",
          "--locale",
          "de",
          "--link",
          "https://example.com/{invitationId}",
        ],
        ...["--variable", "team=Blue = Red", "--variable", "size=3", "--if-pending", "replace"],
      ],
      {
        organizationRoleIds: ["member", "role-reader"],
        inviterId: "ada",
        expiresIn: "P14D",
        message: {
          team: "Blue = Red",
          size: "3",
          locale: "de",
          link: "https://example.com/{invitationId}",
        },
        ifPending: "replace",
      },
    ],
    ["create", [...ADA], {}],
    ["create", [...ADA, "--no-email"], { message: false }],
    ["resend", [...ADA, "--locale", "fr"], { message: { locale: "fr" } }],
    ["accept", [...ADA, "--user", "ada"], { acceptedUserId: "ada" }],
    ["revoke", [...ADA], {}],
    ["delete", [...ADA], {}],
  ])("by %s %j is an event, and Logto is not asked", async (name, options, data) => {
    const { code, stdout, stderr } = await run(name, ...options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const event = await publishedEvent();
    expect(event).toEqual({
      specversion: "1.0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: "/onboarding/command-line",
      type: `onboarding.invitation.${name}`,
      time: expect.any(String),
      data: { organizationId: "acme", invitee: "ada@example.com", ...data },
    });
    expect(stdout).toMatch(
      /^Published event [0-9a-f-]{36} to invitations: the function's log tells its outcome\.\n$/,
    );
    expect(world.logto.calls.count()).toBe(0);
  });

  test.each([
    ["resend", []],
    ["accept", ["--user", "ada"]],
    ["revoke", []],
    ["delete", []],
  ])("by %s of an id says whose it is, as Logto knows it", async (name, more) => {
    expect(await run(name, "inv-ada", ...more)).toMatchObject({ code: 0, stderr: "" });
    expect(await publishedEvent()).toMatchObject({
      data: { organizationId: "acme", invitee: "ada@example.com", invitationId: "inv-ada" },
    });
  });

  test("has the id that is given, and SQS drops the same one", async () => {
    const again = ["create", ...ADA, "--event-id", "twice", "--json"];
    for (const _ of [1, 2]) {
      const { code, stdout } = await run(...again);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        eventId: "twice",
        eventType: "onboarding.invitation.create",
        queue: "invitations",
      });
    }
    expect(await world.published("invitations")).toHaveLength(1);
  });
});

describe("nothing is published", () => {
  test.each([
    [
      "of an invitation that Logto does not hold",
      ["revoke", "inv-eve"],
      "Logto holds no invitation inv-eve: see onboarding invitations list.\n",
    ],
    [
      "where it is not said which",
      ["revoke"],
      "Which invitation is not said: give its id, or --organization and --invitee.\n",
    ],
    [
      "where it is said twice",
      ["resend", "inv-ada", ...ADA],
      "Which invitation is not said: give its id, or --organization and --invitee.\n",
    ],
    [
      "with one half of it",
      ["delete", "--organization", "acme"],
      "Which invitation is not said: give its id, or --organization and --invitee.\n",
    ],
    ["to nobody", ["create", "--organization", "acme"], "error: required option '--invitee"],
    ["that nobody accepts", ["accept", "inv-ada"], "error: required option '--user"],
    [
      "under a policy that there is not",
      ["create", ...ADA, "--if-pending", "drop"],
      "error: option '--if-pending <policy>' argument 'drop' is invalid. Allowed choices are keep, resend, replace.",
    ],
    [
      "with a variable that has no value",
      ["create", ...ADA, "--variable", "team"],
      "error: option '--variable <name=value>' argument 'team' is invalid. Give it as name=value.",
    ],
    [
      "to what is no address",
      ["create", "--organization", "acme", "--invitee", "ada"],
      "Nothing was sent: data.invitee",
    ],
    [
      "for a lifetime that is none",
      ["create", ...ADA, "--expires-in", "7 days"],
      "Nothing was sent: data.expiresIn",
    ],
  ])("%s", async (_, parameters, says) => {
    const { code, stdout, stderr } = await run(...parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(says)).toBe(true);
    expect(await world.published("invitations")).toHaveLength(0);
  });

  test("where the queue is missing", async () => {
    const url = world.environment["INVITATIONS_QUEUE_URL"]?.replace("invitations", "missing") ?? "";
    expect(
      await world.run(["invitations", "create", ...ADA], { INVITATIONS_QUEUE_URL: url }),
    ).toEqual({
      code: 1,
      stdout: "",
      stderr: "There is no such queue: check the URL, the region and the account.\n",
    });
  });
});

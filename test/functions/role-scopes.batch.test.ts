import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributesOf } from "../support/dead-letters.ts";
import { functionNameOf } from "./queue-function.ts";
import { CANARY, type Name, type Played, playRoleScopesBatch } from "./role-scopes-batch.ts";

let played: Played;
beforeAll(async () => {
  played = await playRoleScopesBatch();
});
afterAll(() => played.stop());

const held = (role: string) => [...(played.logto.state.roleScopes.get(`role-${role}`) ?? [])];

describe("a batch of role-scopes events", () => {
  test("leaves each role with what it was to hold, its events carried out in order", () => {
    expect(held("member")).toEqual(["orders.write"]);
    expect(held("admin")).toEqual(["orders.write"]);
    expect(held("machine")).toEqual(["orders.read"]);
    const ofMember = played.logto.calls
      .recent()
      .filter(({ path }) => path.startsWith("/api/organization-roles/role-member/"));
    expect(ofMember.map(({ operation }) => operation.split(" ")[0])).toEqual([
      "POST",
      "PUT",
      "DELETE",
    ]);
  });

  test("returns what is to come again, with what stands behind it, and nothing else", () => {
    const { batchItemFailures } = JSON.parse(JSON.stringify(played.answer));
    const ids = (["new", "behind"] as const).map((name) => played.messageOf(name).MessageId);
    expect(batchItemFailures).toEqual(ids.map((itemIdentifier) => ({ itemIdentifier })));
  });

  test("puts into the dead letters what nobody made in a quarter of an hour, and what is not its own", () => {
    const letters = ["old", "address", "invitation"] as const;
    expect(played.letters.map(({ Body }) => Body).toSorted()).toEqual(
      letters.map((name) => played.messageOf(name).Body).toSorted(),
    );
    for (const name of letters) {
      expect(attributesOf(played.letterOf(name))).toMatchObject({
        function: functionNameOf("role-scopes"),
        eventId: name,
      });
    }
    expect(played.logto.state.invitations.size).toBe(0);
  });

  test("names in a dead letter what Logto does not know", () => {
    expect(attributesOf(played.letterOf("old"))).toMatchObject({
      reason: "reference-not-found",
      sentence:
        'Logto has no scope "fly" of the API resource "https://orders.example.com" (GET /api/resources)',
    });
    expect(attributesOf(played.letterOf("invitation"))).toMatchObject({
      reason: "wrong-queue",
      sentence:
        "The event is one for the queue invitations and came to role-scopes: publish it there.",
    });
  });
});

describe("the log", () => {
  const done: readonly (readonly [Name, object])[] = [
    [
      "member-1",
      { eventType: "onboarding.role-scopes.assign", role: "member", detail: "assigned" },
    ],
    [
      "member-2",
      { eventType: "onboarding.role-scopes.replace", role: "member", detail: "replaced" },
    ],
    [
      "member-3",
      {
        eventType: "onboarding.role-scopes.remove",
        role: "member",
        detail: "removed",
        organizationRoleId: "role-member",
        removed: 1,
      },
    ],
    [
      "admin",
      {
        eventType: "onboarding.role-scopes.sync",
        role: "admin",
        detail: "synced",
        organizationRoleId: "role-admin",
        assigned: 1,
        removed: 1,
      },
    ],
    ["machine", { role: "role-machine", detail: "assigned", organizationRoleId: "role-machine" }],
  ];

  test.each(done)("has one line for %s, with its role and what was done", (name, fields) => {
    expect(played.lineOf(name)).toMatchObject({
      level: "INFO",
      outcome: "done",
      service: "role-scopes",
      function_name: functionNameOf("role-scopes"),
      eventId: name,
      group: played.messageOf(name).Attributes?.MessageGroupId,
      receiveCount: 1,
      logtoCalls: expect.any(Number),
      ...fields,
    });
  });

  test.each<[Name, object]>([
    ["old", { outcome: "reject", reason: "reference-not-found", role: "role-admin" }],
    ["new", { outcome: "retry", reason: "reference-not-found", role: "nobody" }],
    ["address", { outcome: "reject", reason: "reference-not-found" }],
    [
      "invitation",
      { outcome: "reject", reason: "wrong-queue", organizationId: "acme", logtoCalls: 0 },
    ],
  ])("has one warning for %s", (name, fields) => {
    expect(played.lineOf(name)).toMatchObject({ level: "WARN", eventId: name, ...fields });
  });

  test("has a line for each message that was begun, and no other", () => {
    expect(played.lineOf("behind")).toBeUndefined();
    const ids = played.log.messageLines().map(({ messageId }) => messageId);
    expect(ids).toHaveLength(9);
    expect(new Set(ids).size).toBe(9);
  });

  test("names the organization of no role event, and hashes nobody", () => {
    for (const line of played.log.messageLines()) {
      expect(line).not.toHaveProperty("inviteeHash");
      if (line["eventId"] !== "invitation") expect(line).not.toHaveProperty("organizationId");
    }
  });

  test("holds no address or secret, in no line of any kind", () => {
    expect(played.log.text()).not.toContain(CANARY);
    expect(played.log.text()).not.toContain(played.logto.app.secret);
    for (const letter of played.letters) {
      expect(JSON.stringify([attributesOf(letter), letter.Attributes])).not.toContain(CANARY);
    }
  });

  test("counts the calls of all messages together", () => {
    const counted = played.log.messageLines().map(({ logtoCalls }) => Number(logtoCalls));
    const inAll = played.logto.calls.count() - played.logto.calls.count("POST /oidc/token");
    expect(counted.reduce((sum, calls) => sum + calls, 0)).toBe(inAll);
  });
});

test("the metrics count each message by outcome and reason", () => {
  const counts = played.log
    .metrics()
    .filter((line) => "Messages" in line)
    .map(({ service, outcome, reason, Messages }) => [service, outcome, reason, Messages]);
  const expected = [
    ["done", "assigned", 2],
    ["done", "removed", 1],
    ["done", "replaced", 1],
    ["done", "synced", 1],
    ["reject", "reference-not-found", 2],
    ["reject", "wrong-queue", 1],
    ["retry", "reference-not-found", 1],
  ];
  expect(counts.toSorted()).toEqual(expected.map((line) => ["role-scopes", ...line]));
});

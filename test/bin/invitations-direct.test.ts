import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = await startCommandWorld();
});
afterEach(() => world.stop());

const ADA = ["--organization", "acme", "--invitee", "ada@example.com"] as const;

const direct = (name: string, ...more: readonly string[]) =>
  world.run(["invitations", name, "--direct", ...more]);

function seedInvitation(id: string): void {
  world.logto.seed({
    invitations: [
      {
        id,
        organizationId: "acme",
        invitee: "ada@example.com",
        expiresAt: Date.now() + 86_400_000,
      },
    ],
  });
}

const statusOf = (id: string) => world.logto.state.invitations.get(id)?.status;

describe("--direct", () => {
  test("creates an invitation with its e-mail, by the names of roles", async () => {
    const { code, stdout, stderr } = await direct("create", ...ADA, "--role", "member");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [, id = ""] = /^done: created, invitation (\S+)\n$/.exec(stdout) ?? [];
    expect(world.logto.state.invitations.get(id)).toMatchObject({
      organizationId: "acme",
      invitee: "ada@example.com",
      status: "Pending",
    });
    expect(world.logto.outbox).toHaveLength(1);
    expect(await world.published("invitations")).toHaveLength(0);
  });

  test.each(
    [["inv-ada"], ADA].flatMap((which) => [
      ["resend", which, [], "done: resent, invitation inv-ada\n", "Pending"] as const,
      [
        "accept",
        which,
        ["--user", "ada"],
        "done: accepted, invitation inv-ada\n",
        "Accepted",
      ] as const,
      ["revoke", which, [], "done: revoked, invitation inv-ada\n", "Revoked"] as const,
      ["delete", which, [], "done: deleted, invitation inv-ada\n", undefined] as const,
    ]),
  )("carries out %s %j", async (name, which, more, says, status) => {
    seedInvitation("inv-ada");
    const result = await direct(name, ...which, ...more);
    expect(result).toEqual({ code: 0, stdout: says, stderr: "" });
    expect(statusOf("inv-ada")).toBe(status);
  });

  test("needs no queue and no AWS", async () => {
    const { code } = await world.run(["invitations", "create", "--direct", ...ADA], {
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      INVITATIONS_QUEUE_URL: "",
    });
    expect(code).toBe(0);
  });

  test("with --json tells the outcome as the function does", async () => {
    const { code, stdout } = await direct("create", ...ADA, "--event-id", "e-1", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      eventId: "e-1",
      outcome: "done",
      detail: "created",
      invitationId: expect.any(String),
    });
  });

  test("ends with 1 for what can never succeed, and says why", async () => {
    seedInvitation("inv-ada");
    await direct("revoke", "inv-ada");
    const { code, stdout, stderr } = await direct("resend", "inv-ada");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^not done: invitation-revoked\. [A-Z][^\n]+[^.]\.\n$/);
  });

  test("ends with 1 for an organization that Logto does not know, and says what to check", async () => {
    const parameters = ["--organization", "acmee", "--invitee", "ada@example.com"];
    const { code, stdout, stderr } = await direct("create", ...parameters);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toBe(
      "not done: reference-not-found. The organization, a role or the inviter does not exist in Logto " +
        "(POST /api/organization-invitations: 422 entity.relation_foreign_key_not_found): check the ids, " +
        "and that the credentials are those of the right tenant.\n",
    );
  });

  test("ends with 1 where the e-mail provider is down, and says that it may succeed later", async () => {
    world.logto.faults.add({
      on: "POST /api/organization-invitations",
      action: { kind: "emailOutage" },
    });
    const { code, stdout } = await direct("create", ...ADA);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not done: email-provider-failed\. The e-mail provider [^\n]+\n$/);
  });
});

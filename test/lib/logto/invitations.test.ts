import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NotFoundError } from "../../../lib/logto/errors.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { invitationWith, seedInvitation, tenant } from "./tenant.ts";
import { testClient } from "./test-client.ts";

let logto: LogtoStandIn;
beforeEach(async () => {
  logto = await startLogtoStandIn();
  logto.seed(tenant);
});
afterEach(() => logto.stop());

describe("invitations.list", () => {
  test("gives all invitations, newest first, in one call", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `invitation-${index}`);
    logto.seed({
      invitations: ids.map((id, index) =>
        invitationWith({ id, invitee: `invitee-${index}@example.com`, createdAt: index }),
      ),
    });

    const listed = await Array.fromAsync(testClient(logto).invitations.list());

    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(logto.calls.count("GET /api/organization-invitations")).toBe(1);
  });

  test("filters by organization, inviter and invitee in any letter case", async () => {
    seedInvitation(logto, { id: "wanted", inviterId: "grace" });
    seedInvitation(logto, {
      id: "other-organization",
      organizationId: "umbrella",
      inviterId: "grace",
    });
    seedInvitation(logto, { id: "other-inviter", inviterId: "ada" });
    seedInvitation(logto, { id: "other-invitee", invitee: "bob@example.com", inviterId: "grace" });
    const filter = {
      organizationId: "acme",
      inviterId: "grace",
      invitee: "Ada@Example.com",
    };

    const listed = await Array.fromAsync(testClient(logto).invitations.list(filter));

    expect(listed.map(({ id }) => id)).toEqual(["wanted"]);
  });

  test("takes every sign of an address for itself", async () => {
    seedInvitation(logto, { id: "wanted", invitee: "a+b_c&d=e%20@example.com" });
    seedInvitation(logto, { id: "other", invitee: "a b_c&d=e @example.com" });
    const filter = { invitee: "a+b_c&d=e%20@example.com" };

    const listed = await Array.fromAsync(testClient(logto).invitations.list(filter));

    expect(listed.map(({ id }) => id)).toEqual(["wanted"]);
  });

  test("takes a filter that is undefined for none", async () => {
    seedInvitation(logto);
    const filter: Record<string, never> = {};
    Object.assign(filter, { organizationId: undefined });

    expect(await Array.fromAsync(testClient(logto).invitations.list(filter))).toHaveLength(1);
  });

  test("can be left before its end", async () => {
    seedInvitation(logto, { id: "first", createdAt: 2 });
    seedInvitation(logto, { id: "second", createdAt: 1 });

    const seen: string[] = [];
    for await (const { id } of testClient(logto).invitations.list()) {
      seen.push(id);
      break;
    }

    expect(seen).toEqual(["first"]);
  });

  test("tells of an invitation that has run out", async () => {
    seedInvitation(logto, { expiresAt: Date.now() - 1 });

    const [invitation] = await Array.fromAsync(testClient(logto).invitations.list());

    expect(invitation).toMatchObject({ status: "Expired" });
  });
});

describe("invitations.get", () => {
  test("reads one invitation", async () => {
    const { id } = seedInvitation(logto);

    expect(await testClient(logto).invitations.get(id)).toMatchObject({ id, status: "Pending" });
  });

  test("says that there is none", async () => {
    await expect(testClient(logto).invitations.get("unknown")).rejects.toThrow(NotFoundError);
  });

  test.each(["a/b", "a?b=c", "a#b", "%2e%2e", "...", "a b", "ä🎉", "$&", "{id}", "a\\..\\b"])(
    "asks for the id %s and nothing else",
    async (id) => {
      seedInvitation(logto, { id });

      expect(await testClient(logto).invitations.get(id)).toMatchObject({ id });
    },
  );
});

describe("invitations.delete", () => {
  test.each(["Pending", "Accepted", "Revoked"] as const)(
    "deletes an invitation that is %s",
    async (status) => {
      const { id } = seedInvitation(logto, { status });

      expect(await testClient(logto).invitations.delete(id)).toBeUndefined();

      expect(logto.state.invitations.size).toBe(0);
    },
  );

  test("says that there is none", async () => {
    await expect(testClient(logto).invitations.delete("unknown")).rejects.toThrow(NotFoundError);
  });
});

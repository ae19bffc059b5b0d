import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AlreadyExistsError,
  AlreadyMemberError,
  EmailProviderFailedError,
  EndedError,
  NotConfiguredError,
  NotFoundError,
  RecipientRateLimitedError,
  ReferenceNotFoundError,
} from "../../../lib/logto/errors.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { seedInvitation, tenant, tomorrow } from "./tenant.ts";
import { testClient } from "./test-client.ts";

let logto: LogtoStandIn;
beforeEach(async () => {
  logto = await startLogtoStandIn();
  logto.seed(tenant);
});
afterEach(() => logto.stop());

const newInvitation = () => ({
  organizationId: "acme",
  invitee: "ada@example.com",
  expiresAt: tomorrow(),
  message: false as const,
});

describe("invitations.create", () => {
  test("creates an invitation without an e-mail", async () => {
    const expiresAt = tomorrow();

    const created = await testClient(logto).invitations.create({
      organizationId: "acme",
      invitee: "ada@example.com",
      inviterId: "grace",
      organizationRoleIds: ["editor"],
      expiresAt,
      message: false,
    });

    expect(created).toMatchObject({
      organizationId: "acme",
      invitee: "ada@example.com",
      inviterId: "grace",
      acceptedUserId: null,
      status: "Pending",
      expiresAt,
      organizationRoles: [{ id: "editor", name: "editor" }],
    });
    expect(logto.state.invitations.has(created.id)).toBe(true);
    expect(logto.outbox).toEqual([]);
  });

  test("sends the e-mail with every variable of the message", async () => {
    const message = {
      link: "https://example.com/join?a=1&b=2",
      locale: "de",
      productName: "Küche\n日本 🎉",
      seats: 3,
      trial: false,
      nothing: undefined,
    };

    const { id } = await testClient(logto).invitations.create({ ...newInvitation(), message });

    expect(logto.outbox).toEqual([
      {
        to: "ada@example.com",
        invitationId: id,
        organizationId: "acme",
        link: message.link,
        locale: "de",
        payload: {
          organization: { id: "acme", name: "Acme" },
          link: message.link,
          locale: "de",
          productName: "Küche\n日本 🎉",
          seats: 3,
          trial: false,
        },
        sentAt: expect.any(Number),
      },
    ]);
  });

  test("sends an e-mail for a message without variables", async () => {
    await testClient(logto).invitations.create({ ...newInvitation(), message: {} });

    expect(logto.outbox).toHaveLength(1);
  });

  test("keeps a variable called __proto__ as a variable", async () => {
    const message = JSON.parse('{ "__proto__": "a value" }');

    await testClient(logto).invitations.create({ ...newInvitation(), message });

    const [email] = logto.outbox;
    expect(Object.getPrototypeOf(email?.payload)).toBe(Object.prototype);
  });

  test("says that a pending one exists", async () => {
    seedInvitation(logto);

    const again = testClient(logto).invitations.create({ ...newInvitation(), message: {} });

    await expect(again).rejects.toThrow(AlreadyExistsError);
    expect(logto.outbox).toEqual([]);
  });

  test("says that the invitee is a member", async () => {
    const invitation = { ...newInvitation(), invitee: "grace@example.com" };

    await expect(testClient(logto).invitations.create(invitation)).rejects.toThrow(
      AlreadyMemberError,
    );
  });

  test.each([
    ["organization", { organizationId: "unknown" }],
    ["role", { organizationRoleIds: ["unknown"] }],
    ["inviter", { inviterId: "unknown" }],
  ])("says that the %s does not exist", async (_what, fields) => {
    const created = testClient(logto).invitations.create({ ...newInvitation(), ...fields });

    await expect(created).rejects.toThrow(ReferenceNotFoundError);
  });

  test("says that the e-mail provider failed, and leaves no invitation", async () => {
    logto.faults.add({ on: "*", action: { kind: "emailOutage" } });

    const created = testClient(logto).invitations.create({ ...newInvitation(), message: {} });

    await expect(created).rejects.toThrow(EmailProviderFailedError);
    expect(logto.state.invitations.size).toBe(0);
    expect(logto.calls.count("POST /api/organization-invitations")).toBe(1);
  });

  test.each(["noEmailConnector", "noEmailTemplate"] as const)(
    "says that the tenant is not configured with %s",
    async (kind) => {
      logto.faults.add({ on: "*", action: { kind } });

      const created = testClient(logto).invitations.create({ ...newInvitation(), message: {} });

      await expect(created).rejects.toThrow(NotConfiguredError);
    },
  );
});

describe("invitations.resendMessage", () => {
  test("sends the e-mail again with every variable of the message", async () => {
    const { id } = seedInvitation(logto);
    const message = { link: "https://example.com/join", locale: "fr", reminder: 2 };

    expect(await testClient(logto).invitations.resendMessage(id, message)).toBeUndefined();

    expect(logto.outbox).toHaveLength(1);
    expect(logto.outbox[0]).toMatchObject({ to: "ada@example.com", payload: message });
  });

  test("says that there is no such invitation", async () => {
    const sent = testClient(logto).invitations.resendMessage("unknown", {});

    await expect(sent).rejects.toThrow(NotFoundError);
  });

  test("says that the recipient has had ten messages, without trying again", async () => {
    const { id } = seedInvitation(logto);
    const client = testClient(logto);
    for (let sent = 0; sent < 10; sent++) await client.invitations.resendMessage(id, {});

    const eleventh = client.invitations.resendMessage(id, {});

    await expect(eleventh).rejects.toThrow(RecipientRateLimitedError);
    expect(logto.calls.count("POST /api/organization-invitations/{id}/message")).toBe(11);
  });
});

describe("invitations.updateStatus", () => {
  test("revokes a pending invitation", async () => {
    const { id } = seedInvitation(logto);

    const revoked = await testClient(logto).invitations.updateStatus(id, { status: "Revoked" });

    expect(revoked).toMatchObject({ id, status: "Revoked", acceptedUserId: null });
  });

  test("accepts it for a user, who joins with its roles", async () => {
    const { id } = seedInvitation(logto, { organizationRoleIds: ["editor"] });

    const accepted = await testClient(logto).invitations.updateStatus(id, {
      status: "Accepted",
      acceptedUserId: "ada",
    });

    expect(accepted).toMatchObject({ status: "Accepted", acceptedUserId: "ada" });
    expect(logto.state.members.get("acme")?.get("ada")).toEqual(new Set(["editor"]));
  });

  test.each(["Accepted", "Revoked"] as const)(
    "says that an invitation that is %s has ended",
    async (status) => {
      const { id } = seedInvitation(logto, { status });

      const changed = testClient(logto).invitations.updateStatus(id, { status: "Revoked" });

      await expect(changed).rejects.toThrow(EndedError);
    },
  );

  test("says that another user may not accept it", async () => {
    const { id } = seedInvitation(logto);
    const change = { status: "Accepted", acceptedUserId: "grace" } as const;

    await expect(testClient(logto).invitations.updateStatus(id, change)).rejects.toThrow(
      EndedError,
    );
  });

  test("says that there is no such user or invitation", async () => {
    const { id } = seedInvitation(logto);
    const change = { status: "Accepted", acceptedUserId: "unknown" } as const;
    const { invitations } = testClient(logto);

    await expect(invitations.updateStatus(id, change)).rejects.toThrow(NotFoundError);
    await expect(invitations.updateStatus("unknown", change)).rejects.toThrow(NotFoundError);
  });
});

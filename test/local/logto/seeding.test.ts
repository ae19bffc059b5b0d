import { expect, test } from "vitest";
import { ids } from "../../contract/expect.ts";
import { invitations, invitationTo, standInWithAcme } from "./stand-in.ts";

test("Everything can be seeded with ids of one's choice, and refer to each other", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.seed({
    users: [{ id: "ann", primaryEmail: "ann@example.com" }],
    organizations: [{ id: "umbrella", name: "Umbrella", userIds: ["ann"] }],
    resources: [
      {
        id: "orders",
        name: "Orders",
        indicator: "https://orders.example.com",
        scopes: [{ id: "orders-read", name: "read:orders" }],
      },
    ],
    roles: [{ id: "clerk", name: "Clerk", resourceScopeIds: ["orders-read"] }],
    invitations: [
      {
        id: "invitation",
        organizationId: "umbrella",
        invitee: "bob@example.com",
        expiresAt: Date.now() + 60_000,
        organizationRoleIds: ["clerk"],
        inviterId: "ann",
      },
    ],
  });

  expect(ids(await call("GET", "/api/organizations/umbrella/users"))).toEqual(["ann"]);
  const assigned = await call("GET", "/api/organization-roles/clerk/resource-scopes");
  expect(ids(assigned)).toEqual(["orders-read"]);
  const resources = await call("GET", "/api/resources", { query: { includeScopes: "true" } });
  expect(ids(resources)).toContain("orders");
  expect((await call("GET", `${invitations}/invitation`)).json).toMatchObject({
    status: "Pending",
    inviterId: "ann",
    organizationRoles: [{ id: "clerk", name: "Clerk" }],
  });
});

test("What is seeded without an id gets one, and comes back", async () => {
  const { standIn, call } = await standInWithAcme();
  const { organizations, roles } = standIn.seed({
    organizations: [{ name: "One" }, { name: "Two" }],
    roles: [{ name: "Clerk" }],
  });
  expect(organizations.map(({ name }) => name)).toEqual(["One", "Two"]);
  for (const { id } of [...organizations, ...roles]) expect(id).toMatch(/^[a-z0-9]{12}$/);
  expect((await call("GET", `/api/organizations/${organizations[0]?.id}`)).status).toBe(200);
});

test("A seeded pending invitation stands in the way of another one", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.seed({ invitations: [invitationTo("ann@example.com")] });
  const reply = await call("POST", invitations, { body: invitationTo("ann@example.com") });
  expect(reply.code).toBe("entity.unique_integrity_violation");
});

test("An invitation expires by the stand-in's clock, and is stored as pending", async () => {
  let nowMs = Date.now();
  const { standIn, call } = await standInWithAcme({ now: () => nowMs });
  standIn.seed({
    invitations: [{ id: "old", ...invitationTo("ann@example.com", { expiresAt: nowMs + 1000 }) }],
  });
  const status = async () => (await call("GET", `${invitations}/old`)).json;
  expect(await status()).toMatchObject({ status: "Pending" });
  nowMs += 1001;
  expect(await status()).toMatchObject({ status: "Expired" });
  expect(standIn.state.invitations.get("old")?.status).toBe("Pending");
});

test("The outbox holds what was delivered, with invitation, link and context", async () => {
  const { standIn, call } = await standInWithAcme();
  const messagePayload = { link: "https://example.com/join", locale: "de", plan: "gold" };
  const body = invitationTo("ann@example.com", { messagePayload });
  const reply = await call("POST", invitations, { body });
  expect(standIn.outbox).toMatchObject([
    {
      to: "ann@example.com",
      organizationId: "acme",
      link: "https://example.com/join",
      locale: "de",
      payload: { organization: { id: "acme", name: "Acme" }, plan: "gold" },
      sentAt: expect.any(Number),
    },
  ]);
  expect(reply.json).toMatchObject({ id: standIn.outbox[0]?.invitationId });
});

test("A payload key named like the context overrides it", async () => {
  const { standIn, call } = await standInWithAcme();
  const messagePayload = { organization: { name: "Another" } };
  await call("POST", invitations, {
    body: invitationTo("ann@example.com", { messagePayload }),
  });
  expect(standIn.outbox[0]?.payload).toEqual({ organization: { name: "Another" } });
});

test("Messages for ended invitations are delivered, dead link and all", async () => {
  const { standIn, call } = await standInWithAcme();
  const expired = { id: "expired", ...invitationTo("a@example.com"), expiresAt: Date.now() - 1 };
  const revoked = { id: "revoked", ...invitationTo("b@example.com"), status: "Revoked" } as const;
  const accepted = {
    id: "accepted",
    ...invitationTo("c@example.com"),
    status: "Accepted",
  } as const;
  const ended = [expired, revoked, accepted];
  standIn.seed({ invitations: ended });
  for (const { id } of ended) {
    expect((await call("POST", `${invitations}/${id}/message`)).status).toBe(204);
  }
  expect(standIn.outbox.map(({ invitationId }) => invitationId)).toEqual([
    "expired",
    "revoked",
    "accepted",
  ]);
});

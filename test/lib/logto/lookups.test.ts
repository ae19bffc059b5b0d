import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NotFoundError } from "../../../lib/logto/errors.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { tenant } from "./tenant.ts";
import { testClient } from "./test-client.ts";

let logto: LogtoStandIn;
beforeEach(async () => {
  logto = await startLogtoStandIn();
});
afterEach(() => logto.stop());

describe("the look-ups", () => {
  test("resources.list gives every resource with its scopes in one call", async () => {
    logto.seed(tenant);

    const listed = await Array.fromAsync(testClient(logto).resources.list());

    expect(listed.find(({ id }) => id === "documents")).toMatchObject({
      indicator: "https://documents.example.com",
      scopes: [
        { id: "read", name: "read" },
        { id: "write", name: "write" },
      ],
    });
    expect(logto.calls.count("GET /api/resources")).toBe(1);
  });

  test("organizations.list pages over 250 organizations in three calls", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `organization-${index}`);
    logto.seed({ organizations: ids.map((id) => ({ id, name: "the same name" })) });

    const listed = await Array.fromAsync(testClient(logto).organizations.list());

    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(logto.calls.count("GET /api/organizations")).toBe(3);
  });

  test("organizations.get reads one organization", async () => {
    logto.seed(tenant);

    expect(await testClient(logto).organizations.get("acme")).toMatchObject({ name: "Acme" });
  });

  test("organizations.get says that there is none", async () => {
    await expect(testClient(logto).organizations.get("unknown")).rejects.toThrow(NotFoundError);
  });

  test.each([
    ["with an underscore, which stands for any character elsewhere", "ada_l@example.com"],
    ["with a percent sign, which stands for any text elsewhere", "ada%@example.com"],
    ["with a plus sign", "ada+l@example.com"],
  ])("users.findByEmail finds an address %s, and only that", async (_what, address) => {
    logto.seed({
      users: [
        { primaryEmail: "adaxl@example.com" },
        { primaryEmail: "ada l@example.com" },
        { id: "wanted", primaryEmail: address },
      ],
    });

    expect(await testClient(logto).users.findByEmail(address)).toMatchObject({ id: "wanted" });
  });

  test("users.findByEmail finds an address among more that resemble it than a page holds", async () => {
    const users = Array.from({ length: 60 }, (_, index) => ({
      primaryEmail: `ada${String.fromCodePoint(0x100 + index)}l@example.com`,
    }));
    logto.seed({ users: [...users, { id: "wanted", primaryEmail: "ada_l@example.com" }] });

    expect(await testClient(logto).users.findByEmail("ada_l@example.com")).toMatchObject({
      id: "wanted",
    });
  });

  test("users.findByEmail takes any letter case", async () => {
    logto.seed({ users: [{ id: "ada", primaryEmail: "Ada@Example.com" }] });

    expect(await testClient(logto).users.findByEmail("aDA@example.COM")).toMatchObject({
      id: "ada",
    });
  });

  test.each(["a_a@example.com", "%@example.com", "nobody@example.com"])(
    "users.findByEmail finds nobody under %s",
    async (address) => {
      logto.seed({ users: [{ primaryEmail: "ada@example.com" }] });

      expect(await testClient(logto).users.findByEmail(address)).toBeUndefined();
    },
  );

  test("oneTimeTokens.create makes a token with its lifetime and organizations", async () => {
    const created = await testClient(logto).oneTimeTokens.create({
      email: "ada@example.com",
      expiresIn: 7_200,
      jitOrganizationIds: ["acme"],
    });

    const stored = logto.state.oneTimeTokens.get(created.id);
    expect(stored).toMatchObject({
      token: created.token,
      email: "ada@example.com",
      context: { jitOrganizationIds: ["acme"] },
    });
    expect((stored?.expiresAt ?? 0) - (stored?.createdAt ?? 0)).toBe(7_200_000);
  });
});

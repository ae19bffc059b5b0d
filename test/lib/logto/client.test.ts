import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SentCall } from "../../../lib/logto/transport.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { tenant } from "./tenant.ts";
import { testClient } from "./test-client.ts";

let logto: LogtoStandIn;
beforeEach(async () => {
  logto = await startLogtoStandIn();
});
afterEach(() => logto.stop());

test("nothing is asked for before the first call", () => {
  const client = testClient(logto);
  client.on({});
  client.invitations.list();
  client.organizationRoles.list();

  expect(logto.calls.count()).toBe(0);
});

describe("on", () => {
  test("counts the calls made on somebody's behalf, and not those of others", async () => {
    logto.seed(tenant);
    const all: SentCall[] = [];
    const mine: SentCall[] = [];
    const client = testClient(logto, { onCall: (call) => all.push(call) });

    await client.on({ onCall: (call) => mine.push(call) }).organizations.get("acme");
    await client.organizations.get("acme");

    const get = { operation: "organizations.get", status: 200, durationMs: expect.any(Number) };
    expect(mine).toEqual([get]);
    expect(all).toEqual([{ ...get, operation: "token" }, get, get]);
  });

  test("counts each page, each repeat and each refusal", async () => {
    logto.seed({ roles: Array.from({ length: 150 }, (_, index) => ({ name: `role-${index}` })) });
    logto.faults.add({
      on: "GET /api/organization-roles",
      action: { kind: "answer", status: 503, body: "", headers: { "retry-after": "0" } },
      times: 1,
    });
    const statuses: (number | undefined)[] = [];
    const client = testClient(logto).on({ onCall: ({ status }) => statuses.push(status) });

    await Array.fromAsync(client.organizationRoles.list());
    await client.invitations.get("unknown").catch(() => {});

    expect(statuses).toEqual([503, 200, 200, 404]);
  });

  test("tells of a call that got no answer", async () => {
    logto.faults.add({
      on: "POST /api/one-time-tokens",
      action: { kind: "droppedConnection" },
    });
    const calls: SentCall[] = [];
    const client = testClient(logto).on({ onCall: (call) => calls.push(call) });

    await client.oneTimeTokens.create({ email: "ada@example.com", expiresIn: 60 }).catch(() => {});

    expect(calls).toEqual([{ operation: "oneTimeTokens.create", durationMs: expect.any(Number) }]);
  });

  test("shares the token with the client it was made from", async () => {
    const client = testClient(logto);

    await Promise.all([
      Array.fromAsync(client.resources.list()),
      Array.fromAsync(client.on({}).resources.list()),
      Array.fromAsync(client.on({}).on({}).resources.list()),
    ]);

    expect(logto.calls.count("POST /oidc/token")).toBe(1);
  });
});

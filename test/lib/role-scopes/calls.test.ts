import { describe, expect, onTestFinished, test } from "vitest";
import type { LogtoClient } from "../../../lib/logto/client.ts";
import type { OrganizationRole } from "../../../lib/logto/organization-roles.ts";
import { applyPlan } from "../../../lib/role-scopes/apply.ts";
import type { Declaration } from "../../../lib/role-scopes/declaration.ts";
import { observe } from "../../../lib/role-scopes/observe.ts";
import { plan } from "../../../lib/role-scopes/plan.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { testClient } from "../logto/test-client.ts";

const API = "https://api.example.com";
const SCOPES = 40;

/** A tenant with so many roles that should all hold the same 40 scopes; `missing` of each are not there. */
async function tenantWith(
  roles: number,
  missing: (role: number) => number,
): Promise<{ standIn: LogtoStandIn; logto: LogtoClient; declared: Declaration }> {
  const standIn = await startLogtoStandIn();
  onTestFinished(standIn.stop);
  const names = Array.from({ length: SCOPES }, (_, index) => `scope-${index}`);
  const numbers = Array.from({ length: roles }, (_, index) => index);
  standIn.seed({
    resources: [{ name: "API", indicator: API, scopes: names.map((name) => ({ id: name, name })) }],
    roles: numbers.map((role) => ({
      id: `role-${role}`,
      name: `role-${role}`,
      resourceScopeIds: names.slice(missing(role)),
    })),
  });
  const declared: Declaration = {
    roles: numbers.map((role) => ({
      role: `role-${role}`,
      prune: false,
      resources: new Map([[API, names]]),
    })),
  };
  return { standIn, logto: testClient(standIn), declared };
}

async function apply(logto: LogtoClient, declared: Declaration): Promise<void> {
  const observed = await observe(logto);
  await applyPlan(plan(declared, observed), observed, logto);
}

/** What one would write first: look at each role, and assign what it lacks one by one. */
async function applyNaively(logto: LogtoClient, declared: Declaration): Promise<void> {
  const [resource] = (await Array.fromAsync(logto.resources.list())).filter(
    ({ indicator }) => indicator === API,
  );
  const roles = await Array.fromAsync(logto.organizationRoles.list());
  const applyRole = async ({ id, name }: OrganizationRole): Promise<void> => {
    const wanted = declared.roles.find(({ role }) => role === name)?.resources.get(API) ?? [];
    const held = await Array.fromAsync(logto.organizationRoles.listResourceScopes(id));
    for (const scope of resource?.scopes ?? []) {
      if (!wanted.includes(scope.name) || held.some((one) => one.id === scope.id)) continue;
      await logto.organizationRoles.assignResourceScopes(id, [scope.id]);
    }
  };
  // Side by side only to save the test's time.
  await Promise.all(roles.map(applyRole));
}

const callsOf = ({ calls }: LogtoStandIn): number =>
  calls.count() - calls.count("POST /oidc/token");

/** Roles that lack all scopes or one, as the row of the table says. */
const drifts = {
  none: () => 0,
  five: (role: number) => (role < 5 ? 1 : 0),
  "all, by every scope": () => SCOPES,
} as const;

/** Two thousand calls take a while on a loaded machine. */
const loaded = { timeout: 60_000 };

describe("the calls of an apply, counted at Logto", loaded, () => {
  test.each([
    { roles: 50, drifted: "none", calls: 2, naive: 52 },
    { roles: 50, drifted: "five", calls: 7, naive: 57 },
    { roles: 50, drifted: "all, by every scope", calls: 52, naive: 2052 },
  ] as const)(
    "$roles roles × 40 scopes, drifted: $drifted: $calls calls, scope by scope $naive",
    async ({ roles, drifted, calls, naive }) => {
      const { standIn, logto, declared } = await tenantWith(roles, drifts[drifted]);
      await apply(logto, declared);
      expect(callsOf(standIn)).toBe(calls);

      const other = await tenantWith(roles, drifts[drifted]);
      await applyNaively(other.logto, other.declared);
      expect(callsOf(other.standIn)).toBe(naive);
      expect(other.standIn.state.roleScopes).toEqual(standIn.state.roleScopes);
    },
  );

  test.each([
    [100, 1 + 1 + 5],
    [101, 2 + 1 + 5],
    [250, 3 + 1 + 5],
  ])("%i roles, five of them drifted: %i, one more for every hundred", async (roles, calls) => {
    const { standIn, logto, declared } = await tenantWith(roles, drifts.five);
    await apply(logto, declared);
    expect(callsOf(standIn)).toBe(calls);
  });

  test("a repeated apply only looks", async () => {
    const { standIn, logto, declared } = await tenantWith(50, drifts.five);
    await apply(logto, declared);
    standIn.calls.reset();
    await apply(logto, declared);
    expect(standIn.calls.counts()).toEqual({
      "GET /api/organization-roles": 1,
      "GET /api/resources": 1,
    });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPlan } from "../../../lib/role-scopes/apply.ts";
import { type Declaration, parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { exportDeclaration } from "../../../lib/role-scopes/export.ts";
import { observe } from "../../../lib/role-scopes/observe.ts";
import { hasDrifted, plan } from "../../../lib/role-scopes/plan.ts";
import { printPlan } from "../../../lib/role-scopes/print-plan.ts";
import { startLogtoStandIn } from "../../../local/logto/server.ts";
import { testClient } from "../logto/test-client.ts";
import { anyCase, pruned, textOf } from "./generated.ts";
import { observedOf, type TenantWords } from "./observed.ts";

const parse = (text: string): Declaration => parseDeclaration(text, "roles.yml");

describe("a plan of any declaration for any tenant", () => {
  test("removes nothing from a role that does not prune, nor of a resource that is not named", () => {
    let removals = 0;
    fc.assert(
      fc.property(anyCase(true), ([tenant, file]) => {
        const declared = parse(textOf(file));
        for (const { role, prune, remove } of plan(declared, observedOf(tenant)).roles) {
          const named = file.roles.find((one) => one.role === role)?.resources ?? [];
          expect(prune || remove.length === 0).toBe(true);
          for (const { resource, scope } of remove) {
            const listed = named.find((one) => one.resource === resource)?.scopes;
            expect(listed).toBeDefined();
            expect(listed).not.toContain(scope);
            removals += 1;
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(removals).toBeGreaterThan(0);
  });

  test("accounts for every scope that is held, and every name that is declared, once", () => {
    fc.assert(
      fc.property(anyCase(true), ([tenant, file]) => {
        const made = plan(parse(textOf(file)), observedOf(tenant));
        for (const { role, assigned, assign, remove, notManaged } of made.roles) {
          const declared = file.roles.find((one) => one.role === role)?.resources ?? [];
          const listed = declared.flatMap(({ scopes }) => scopes).length;
          const unknown = made.unresolved.filter((one) => one.role === role);
          const unlisted = unknown.flatMap(({ resource, scope }) =>
            scope !== undefined
              ? [scope]
              : (declared.find((one) => one.resource === resource)?.scopes ?? []),
          ).length;
          const kept = assigned - remove.length - notManaged.length;
          expect(kept + assign.length).toBe(listed - unlisted);
          const ids = [...assign, ...remove, ...notManaged].map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
        }
        const planned = [...made.roles.map(({ role }) => role), ...made.notManagedRoles];
        expect(planned.toSorted()).toEqual(Object.keys(tenant.roles).toSorted());
      }),
      { numRuns: 200 },
    );
  });

  test("is printed without anything that a terminal would obey", () => {
    fc.assert(
      fc.property(anyCase(true), ([tenant, file]) => {
        const printed = printPlan(plan(parse(textOf(file)), observedOf(tenant)), { colors: false });
        expect(printed).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
      }),
      { numRuns: 60 },
    );
  });
});

describe("against Logto", () => {
  /** Makes the stand-in hold a tenant, and nothing of the one before. */
  async function startWorld() {
    const standIn = await startLogtoStandIn();
    const { state } = standIn;
    const logto = testClient(standIn);
    const management = [...state.resources];
    const hold = (tenant: TenantWords): void => {
      const { roles, resources } = observedOf(tenant);
      for (const map of [state.roles, state.roleScopes, state.scopes, state.resources]) map.clear();
      for (const [id, resource] of management) state.resources.set(id, resource);
      // The ids of the words are too long for Logto.
      const short = new Map<string, string>();
      const idOf = (id: string): string => {
        const known = short.get(id) ?? `id-${short.size}`;
        short.set(id, known);
        return known;
      };
      standIn.seed({
        resources: resources.map(({ id, scopes = [], ...resource }) => ({
          ...resource,
          id: idOf(id),
          scopes: scopes.map((scope) => ({ ...scope, id: idOf(scope.id) })),
        })),
        roles: roles.map(({ id, name, resourceScopes }) => ({
          id: idOf(id),
          name,
          resourceScopeIds: resourceScopes.map((scope) => idOf(scope.id)),
        })),
      });
    };
    return { standIn, logto, hold };
  }

  test("a plan that was applied leaves nothing to plan", async ({ onTestFinished }) => {
    const { standIn, logto, hold } = await startWorld();
    onTestFinished(standIn.stop);
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(anyCase(true), async ([tenant, file]) => {
        hold(tenant);
        const declared = parse(textOf(file));
        const observed = await observe(logto);
        const made = plan(declared, observed);
        changed += (await applyPlan(made, observed, logto)).changed;
        const again = plan(declared, await observe(logto));
        expect(again.roles.filter(hasDrifted)).toEqual([]);
        expect(again.unresolved).toEqual(made.unresolved);
        expect(again.roles.map(({ notManaged }) => notManaged)).toEqual(
          made.roles.map(({ notManaged }) => notManaged),
        );
      }),
      { numRuns: 60 },
    );
    expect(changed).toBeGreaterThan(0);
  });

  test("an export that is applied writes nothing", async ({ onTestFinished }) => {
    const { standIn, logto, hold } = await startWorld();
    onTestFinished(standIn.stop);
    await fc.assert(
      fc.asyncProperty(anyCase(false), async ([tenant, file]) => {
        hold(tenant);
        const declared = pruned(parse(exportDeclaration(await observe(logto), textOf(file))));
        const observed = await observe(logto);
        expect(await applyPlan(plan(declared, observed), observed, logto)).toEqual({
          changed: 0,
          of: 0,
        });
      }),
      { numRuns: 30 },
    );
  });
});

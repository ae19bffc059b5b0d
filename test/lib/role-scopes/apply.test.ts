import { describe, expect, onTestFinished, test } from "vitest";
import { UnavailableError } from "../../../lib/logto/errors.ts";
import { type Applied, ApplyError, applyPlan } from "../../../lib/role-scopes/apply.ts";
import { parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { observe } from "../../../lib/role-scopes/observe.ts";
import { plan } from "../../../lib/role-scopes/plan.ts";
import { faultAnswers } from "../../../local/logto/faults.ts";
import { startLogtoStandIn } from "../../../local/logto/server.ts";
import { testClient } from "../logto/test-client.ts";
import { thrownBy } from "../logto/thrown.ts";

const API = "https://api.example.com";
const FILES = "https://files.example.com";
const ASSIGN = "POST /api/organization-roles/{id}/resource-scopes";
const REPLACE = "PUT /api/organization-roles/{id}/resource-scopes";

/** A tenant and the plan of a declaration for it, with the calls counted from here on. */
async function planned(declared: string) {
  const standIn = await startLogtoStandIn();
  onTestFinished(standIn.stop);
  standIn.seed({
    resources: [
      { name: "API", indicator: API, scopes: named("api", ["read", "write", "delete"]) },
      { name: "Files", indicator: FILES, scopes: named("files", ["read"]) },
    ],
    roles: [
      { id: "admin", name: "admin", resourceScopeIds: ["api-read", "api-delete", "files-read"] },
      { id: "reader", name: "reader", resourceScopeIds: ["api-read"] },
      { id: "writer", name: "writer" },
    ],
  });
  const logto = testClient(standIn);
  const observed = await observe(logto);
  const made = plan(parseDeclaration(declared, "roles.yml"), observed);
  standIn.calls.reset();
  return {
    standIn,
    calls: () => standIn.calls.counts(),
    held: (roleId: string) => [...(standIn.state.roleScopes.get(roleId) ?? [])].toSorted(),
    apply: (options?: Parameters<typeof applyPlan>[3]) => applyPlan(made, observed, logto, options),
  };
}

const named = (resource: string, names: readonly string[]) =>
  names.map((name) => ({ id: `${resource}-${name}`, name }));

describe("applying a plan", () => {
  test("calls nobody when nothing has drifted", async () => {
    const { apply, calls } = await planned(`roles: { reader: { ${API}: [read] }, writer: {} }`);
    expect(await apply()).toEqual({ changed: 0, of: 0 });
    expect(calls()).toEqual({});
  });

  test("assigns in one POST what a role lacks, and leaves the rest to it", async () => {
    const declared = `roles: { reader: { ${API}: [read, write, delete], ${FILES}: [read] } }`;
    const { apply, calls, held, standIn } = await planned(declared);
    standIn.state.roleScopes.get("reader")?.clear();
    expect(await apply()).toEqual({ changed: 1, of: 1 });
    expect(calls()).toEqual({ [ASSIGN]: 1 });
    expect(held("reader")).toEqual(["api-delete", "api-write", "files-read"]);
  });

  test("replaces in one PUT what a role holds when it loses some, and it keeps the others", async () => {
    const declared = `roles: { admin: { prune: true, ${API}: [write, read] } }`;
    const { apply, calls, held } = await planned(declared);
    expect(await apply()).toEqual({ changed: 1, of: 1 });
    expect(calls()).toEqual({ [REPLACE]: 1 });
    expect(held("admin")).toEqual(["api-read", "api-write", "files-read"]);
  });

  test("can take the last scope from a role", async () => {
    const { apply, held } = await planned(`roles: { reader: { prune: true, ${API}: [] } }`);
    await apply();
    expect(held("reader")).toEqual([]);
  });

  test("leaves roles alone that are not declared", async () => {
    const { apply, held } = await planned(`prune: true\nroles: { writer: { ${API}: [write] } }`);
    await apply();
    expect(held("admin")).toHaveLength(3);
    expect(held("reader")).toHaveLength(1);
  });

  const all = `roles: { writer: { ${API}: [write] }, reader: { ${API}: [write] }, admin: { ${API}: [write] } }`;

  test("tells how far it is, role by role", async () => {
    const { apply } = await planned(all);
    const progress: Applied[] = [];
    await apply({ onProgress: (applied) => progress.push(applied) });
    expect(progress).toEqual([
      { changed: 1, of: 3 },
      { changed: 2, of: 3 },
      { changed: 3, of: 3 },
    ]);
  });

  test("ends between two roles when it is told to, and says how far it came", async () => {
    const { apply, held } = await planned(all);
    const controller = new AbortController();
    const applied = await apply({
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(applied).toEqual({ changed: 1, of: 3 });
    expect(held("writer")).toEqual(["api-write"]);
    expect(held("reader")).toEqual(["api-read"]);
  });

  test("begins nothing when it was told to end before", async () => {
    const { apply, calls } = await planned(all);
    expect(await apply({ signal: AbortSignal.abort() })).toEqual({ changed: 0, of: 3 });
    expect(calls()).toEqual({});
  });

  test("that fails names the role and says how many were done; repeated, it does the rest", async () => {
    const { apply, held, standIn } = await planned(all);
    const mend = standIn.faults.add({
      on: ({ method, path }) => method === "POST" && path.includes("/reader/"),
      action: faultAnswers.badGateway,
    });
    const error = await thrownBy(apply());
    expect(error).toBeInstanceOf(ApplyError);
    expect(error).toMatchObject({
      message:
        "Changing the role reader failed after 1 of 3 roles: Logto failed " +
        "(POST /api/organization-roles/{id}/resource-scopes: 502). " +
        "Repeating it does the rest: what is done is left as it is.",
      cause: expect.any(UnavailableError),
    });
    expect(held("admin")).not.toContain("api-write");

    mend();
    expect(await apply()).toEqual({ changed: 3, of: 3 });
    expect(held("admin")).toContain("api-write");
  });

  test("never takes a role that was not observed for one that holds nothing", async () => {
    const { standIn, held } = await planned("roles: {}");
    const logto = testClient(standIn);
    const observed = await observe(logto);
    const made = plan(
      parseDeclaration(`roles: { admin: { prune: true, ${API}: [] } }`, "roles.yml"),
      observed,
    );
    const applied = applyPlan(made, { ...observed, roles: [] }, logto);
    await expect(applied).rejects.toThrow("it is not among the roles that were read");
    expect(held("admin")).toHaveLength(3);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Declaration, parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { exportDeclaration } from "../../../lib/role-scopes/export.ts";
import { hasDrifted, plan } from "../../../lib/role-scopes/plan.ts";
import { anyCase, commentOf, type FileWords, pruned, textOf } from "./generated.ts";
import { observedOf, type TenantWords } from "./observed.ts";

const parse = (text: string): Declaration => parseDeclaration(text, "roles.yml");

describe("what Logto holds, exported over any file or none", () => {
  const anyExport = fc
    .tuple(anyCase(true), fc.boolean())
    .map(([[tenant, file], over]) => ({ tenant, existing: over ? textOf(file) : undefined, file }));

  test("is a file whose plan changes nothing, whoever prunes, and manages everything", () => {
    fc.assert(
      fc.property(anyExport, ({ tenant, existing }) => {
        const observed = observedOf(tenant);
        const declared = parse(exportDeclaration(observed, existing));
        for (const file of [declared, pruned(declared)]) {
          const { roles, unresolved, notManagedRoles } = plan(file, observed);
          expect(roles.filter(hasDrifted)).toEqual([]);
          expect(roles.flatMap(({ notManaged }) => notManaged)).toEqual([]);
          expect({ unresolved, notManagedRoles }).toEqual({ unresolved: [], notManagedRoles: [] });
        }
      }),
      { numRuns: 200 },
    );
  });

  test("is the same file when it is exported again", () => {
    fc.assert(
      fc.property(anyExport, ({ tenant, existing }) => {
        const once = exportDeclaration(observedOf(tenant), existing);
        expect(exportDeclaration(observedOf(tenant), once)).toBe(once);
      }),
      { numRuns: 60 },
    );
  });

  test("keeps every comment and prune of what stays, and no comment of what is gone", () => {
    fc.assert(
      fc.property(anyCase(true), ([tenant, file]) => {
        const text = exportDeclaration(observedOf(tenant), textOf(file));
        const paths = pathsIn(file);
        const kept = paths.filter((path) => text.includes(commentOf(...path)));
        expect(kept).toEqual(paths.filter((path) => stays(tenant, path)));
        for (const { role, prune } of parse(text).roles) {
          const before = file.roles.find((one) => one.role === role)?.prune;
          expect(prune).toBe(before ?? file.prune ?? false);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Every role, every resource of one and every scope of one that a file names. */
const pathsIn = ({ roles }: FileWords): readonly (readonly string[])[] =>
  roles.flatMap(({ role, resources }) => [
    [role],
    ...resources.flatMap(({ resource, scopes }) => [
      [role, resource],
      ...scopes.map((scope) => [role, resource, scope]),
    ]),
  ]);

/** Whether a name stays in the file: an emptied resource does, as long as there is such a resource. */
function stays(tenant: TenantWords, [role = "", resource, scope]: readonly string[]): boolean {
  const held = own(tenant.roles, role);
  if (held === undefined || resource === undefined) return held !== undefined;
  if (scope === undefined) return own(tenant.resources, resource) !== undefined;
  return own(held, resource)?.includes(scope) ?? false;
}

/** A role may be called `valueOf`. */
const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

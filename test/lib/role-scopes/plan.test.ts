import { describe, expect, test } from "vitest";
import { parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { type Plan, plan, type RolePlan } from "../../../lib/role-scopes/plan.ts";
import { observedOf, type TenantWords } from "./observed.ts";

const API = "https://api.example.com";
const FILES = "https://files.example.com";

const tenant: TenantWords = {
  resources: { [API]: ["read", "write", "delete"], [FILES]: ["read", "write"] },
  roles: {
    admin: { [API]: ["read", "delete"], [FILES]: ["read"] },
    reader: { [API]: ["read"] },
    robot: {},
  },
};

const planOf = (declared: string, of: TenantWords = tenant): Plan =>
  plan(parseDeclaration(declared, "roles.yml"), observedOf(of));

/** The plan of the one role that is declared, with its scopes in few words. */
function rolePlanOf(declared: string): Record<string, unknown> {
  const [role, ...others] = planOf(declared).roles;
  if (role === undefined || others.length > 0)
    return expect.fail("it planned another number of roles");
  return { ...role, ...inWords(role) };
}

const inWords = ({ assign, remove, notManaged }: RolePlan) => ({
  assign: words(assign),
  remove: words(remove),
  notManaged: words(notManaged),
});

const words = (scopes: RolePlan["assign"]): readonly string[] =>
  scopes.map(({ resource, scope }) => `${resource} ${scope}`);

describe("a plan", () => {
  test("assigns what is declared and not held", () => {
    expect(rolePlanOf(`roles: { reader: { ${API}: [read, write], ${FILES}: [read] } }`)).toEqual({
      role: "reader",
      roleId: "role 2",
      prune: false,
      assigned: 1,
      assign: [`${API} write`, `${FILES} read`],
      remove: [],
      notManaged: [],
    });
  });

  test("names a scope by its id as well", () => {
    const [role] = planOf(`roles: { reader: { ${FILES}: [write] } }`).roles;
    expect(role?.assign).toEqual([{ id: "scope 2 write", resource: FILES, scope: "write" }]);
  });

  test("removes nothing without prune, and tells what it leaves", () => {
    expect(rolePlanOf(`roles: { admin: { ${API}: [write] } }`)).toMatchObject({
      assigned: 3,
      assign: [`${API} write`],
      remove: [],
      notManaged: [`${API} read`, `${API} delete`, `${FILES} read`],
    });
  });

  test("removes with prune what is not declared, of resources that are named only", () => {
    expect(rolePlanOf(`prune: true\nroles: { admin: { ${API}: [read, write] } }`)).toMatchObject({
      prune: true,
      assign: [`${API} write`],
      remove: [`${API} delete`],
      notManaged: [`${FILES} read`],
    });
  });

  test("removes all of a resource that is declared with an empty list", () => {
    expect(rolePlanOf(`roles: { admin: { prune: true, ${API}: [] } }`)).toMatchObject({
      assign: [],
      remove: [`${API} read`, `${API} delete`],
      notManaged: [`${FILES} read`],
    });
  });

  test("removes nothing from a role under which no resource is named", () => {
    expect(rolePlanOf("roles: { admin: { prune: true } }")).toMatchObject({
      assign: [],
      remove: [],
    });
  });

  test("holds declared roles in their order, those without a change as well", () => {
    const declared = `roles: { robot: {}, reader: { ${API}: [read] }, admin: {} }`;
    const { roles, notManagedRoles, unresolved } = planOf(declared);
    expect(roles.map(({ role, assign }) => [role, assign.length])).toEqual([
      ["robot", 0],
      ["reader", 0],
      ["admin", 0],
    ]);
    expect({ notManagedRoles, unresolved }).toEqual({ notManagedRoles: [], unresolved: [] });
  });

  test("names the roles that nobody declared", () => {
    expect(planOf("roles: { reader: {} }").notManagedRoles).toEqual(["admin", "robot"]);
  });

  test("tells apart resources that have a scope of the same name", () => {
    const declared = `prune: true\nroles: { admin: { ${API}: [delete], ${FILES}: [read] } }`;
    expect(rolePlanOf(declared)).toMatchObject({ assign: [], remove: [`${API} read`] });
  });

  test("names every name that Logto does not know, and plans the rest", () => {
    const declared = `\
prune: true
roles:
  auditor: { ${API}: [audit], https://gone.example.com: [] }
  reader: { ${API}: [raed, write], https://gone.example.com: [read, write] }
`;
    const { roles, unresolved } = planOf(declared);
    expect(unresolved).toEqual([
      { role: "auditor" },
      { role: "auditor", resource: API, scope: "audit" },
      { role: "auditor", resource: "https://gone.example.com" },
      { role: "reader", resource: API, scope: "raed" },
      { role: "reader", resource: "https://gone.example.com" },
    ]);
    expect(roles.map(inWords)).toEqual([
      { assign: [`${API} write`], remove: [`${API} read`], notManaged: [] },
    ]);
  });

  test("takes names as they are written: neither letter case nor a slash is like another", () => {
    const { unresolved } = planOf(`roles: { Reader: {}, reader: { ${API}/: [], ${API}: [READ] } }`);
    expect(unresolved).toHaveLength(3);
  });

  test("leaves a scope alone whose resource was not there when resources were read", () => {
    const observed = observedOf(tenant);
    const declared = parseDeclaration(`prune: true\nroles: { admin: { ${API}: [] } }`, "x");
    const { roles } = plan(declared, {
      ...observed,
      resources: observed.resources.filter(({ indicator }) => indicator !== FILES),
    });
    expect(roles[0]?.notManaged).toEqual([{ id: "scope 2 read", resource: FILES, scope: "read" }]);
  });
});

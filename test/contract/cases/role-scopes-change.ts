import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case, Context } from "../harness.ts";

export const roleScopeChangeCases: readonly Case[] = [
  {
    name: "Assigning resource scopes answers 201 with the text Created, which is no JSON",
    async run(logto) {
      const { path, one, other } = await roleAndScopes(logto);
      const reply = await logto.call("POST", path, { body: { scopeIds: [one, other] } });
      expectStatus(reply, 201);
      expect(reply.text).toBe("Created");
      await expectAssigned(logto, path, [one, other]);
    },
  },
  {
    name: "Assigning adds to what is assigned already",
    async run(logto) {
      const { path, one, other } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one] } });
      await logto.call("POST", path, { body: { scopeIds: [other] } });
      await expectAssigned(logto, path, [one, other]);
    },
  },
  {
    name: "Assigning ignores what is assigned already",
    async run(logto) {
      const { path, one, other } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one] } });
      expectStatus(await logto.call("POST", path, { body: { scopeIds: [one, other] } }), 201);
      expectStatus(await logto.call("POST", path, { body: { scopeIds: [one] } }), 201);
      await expectAssigned(logto, path, [one, other]);
    },
  },
  ...[
    { what: "an empty list", body: { scopeIds: [] } },
    { what: "an empty string", body: { scopeIds: [""] } },
    { what: "a wrong key", body: { resourceScopeIds: ["x"] } },
  ].map(
    ({ what, body }): Case => ({
      name: `Assigning with ${what} is refused`,
      async run(logto) {
        const { path } = await roleAndScopes(logto);
        expectError(await logto.call("POST", path, { body }), 400, "guard.invalid_input");
      },
    }),
  ),
  {
    name: "Assigning an unknown scope beside a known one is refused, and nothing is assigned",
    async run(logto) {
      const { path, one } = await roleAndScopes(logto);
      const reply = await logto.call("POST", path, { body: { scopeIds: [one, "no-such-id"] } });
      expectError(reply, 422, "entity.relation_foreign_key_not_found");
      await expectAssigned(logto, path, []);
    },
  },
  {
    name: "Assigning to an unknown role is refused",
    async run(logto) {
      const { one } = await roleAndScopes(logto);
      const reply = await logto.call("POST", pathOf("no-such-id"), { body: { scopeIds: [one] } });
      expectError(reply, 422, "entity.relation_foreign_key_not_found");
    },
  },
  {
    name: "Replacing answers 204 and leaves exactly what was given",
    async run(logto) {
      const { path, one, other, third } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one, other] } });
      const reply = await logto.call("PUT", path, { body: { scopeIds: [other, third] } });
      expectStatus(reply, 204);
      await expectAssigned(logto, path, [other, third]);
    },
  },
  {
    name: "Replacing by what is assigned already changes nothing",
    async run(logto) {
      const { path, one, other } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one, other] } });
      expectStatus(await logto.call("PUT", path, { body: { scopeIds: [other, one] } }), 204);
      await expectAssigned(logto, path, [one, other]);
    },
  },
  {
    name: "Replacing by an empty list clears",
    async run(logto) {
      const { path, one } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one] } });
      expectStatus(await logto.call("PUT", path, { body: { scopeIds: [] } }), 204);
      await expectAssigned(logto, path, []);
    },
  },
  {
    name: "Replacing by the same id twice is refused",
    async run(logto) {
      const { path, one } = await roleAndScopes(logto);
      const reply = await logto.call("PUT", path, { body: { scopeIds: [one, one] } });
      expectError(reply, 422, "entity.unique_integrity_violation");
    },
  },
  {
    name: "Replacing by an unknown scope is refused, and nothing changes",
    async run(logto) {
      const { path, one, other } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one] } });
      const reply = await logto.call("PUT", path, { body: { scopeIds: [other, "no-such-id"] } });
      expectError(reply, 422, "entity.relation_foreign_key_not_found");
      await expectAssigned(logto, path, [one]);
    },
  },
  {
    name: "Replacing on an unknown role is refused",
    async run(logto) {
      const { one } = await roleAndScopes(logto);
      const reply = await logto.call("PUT", pathOf("no-such-id"), { body: { scopeIds: [one] } });
      expectError(reply, 422, "entity.relation_foreign_key_not_found");
    },
  },
  {
    name: "Clearing an unknown role answers 204",
    async run({ call }) {
      expectStatus(await call("PUT", pathOf("no-such-id"), { body: { scopeIds: [] } }), 204);
    },
  },
  {
    name: "Removing a scope answers 204 and leaves the others",
    async run(logto) {
      const { path, one, other } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one, other] } });
      expectStatus(await logto.call("DELETE", `${path}/${one}`), 204);
      await expectAssigned(logto, path, [other]);
    },
  },
  {
    name: "Removing a scope a second time answers 404",
    async run(logto) {
      const { path, one } = await roleAndScopes(logto);
      await logto.call("POST", path, { body: { scopeIds: [one] } });
      await logto.call("DELETE", `${path}/${one}`);
      expectError(await logto.call("DELETE", `${path}/${one}`), 404, "entity.not_found");
    },
  },
  {
    name: "Removing a scope that is not assigned answers 404",
    async run(logto) {
      const { path, one } = await roleAndScopes(logto);
      expectError(await logto.call("DELETE", `${path}/${one}`), 404, "entity.not_found");
    },
  },
  {
    name: "Removing an unknown scope answers 404",
    async run(logto) {
      const { path } = await roleAndScopes(logto);
      expectError(await logto.call("DELETE", `${path}/no-such-id`), 404, "entity.not_found");
    },
  },
  {
    name: "Removing from an unknown role answers 404",
    async run(logto) {
      const { one } = await roleAndScopes(logto);
      const reply = await logto.call("DELETE", `${pathOf("no-such-id")}/${one}`);
      expectError(reply, 404, "entity.not_found");
    },
  },
];

function pathOf(roleId: string): string {
  return `/api/organization-roles/${roleId}/resource-scopes`;
}

async function roleAndScopes({ resourceWithScopes, role }: Context) {
  const { id } = await role();
  const { scopes } = await resourceWithScopes(3);
  const [one = "", other = "", third = ""] = scopes.map((scope) => scope.id);
  return { path: pathOf(id), one, other, third };
}

async function expectAssigned({ call }: Context, path: string, expected: string[]): Promise<void> {
  const found = ids(await call("GET", path));
  expect(found).toHaveLength(expected.length);
  expect(new Set(found)).toEqual(new Set(expected));
}

import * as v from "valibot";
import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case, Context } from "../harness.ts";

const roles = "/api/organization-roles";

export const roleScopeReadCases: readonly Case[] = [
  {
    name: "Roles are listed in pages, with their total number",
    async run({ call, role }) {
      await role();
      await role();
      const reply = await call("GET", roles, { query: { page: "1", page_size: "1" } });
      expectStatus(reply, 200);
      expect(ids(reply)).toHaveLength(1);
      expect(totalNumber(reply.headers)).toBeGreaterThanOrEqual(2);
    },
  },
  {
    name: "Roles come twenty to a page unless asked otherwise",
    async run({ call, role }) {
      for (let made = 0; made < 21; made += 1) await role();
      const reply = await call("GET", roles);
      expect(ids(reply)).toHaveLength(20);
      expect(totalNumber(reply.headers)).toBeGreaterThanOrEqual(21);
    },
  },
  {
    name: "A hundred roles to a page are allowed",
    async run({ call }) {
      expectStatus(await call("GET", roles, { query: { page_size: "100" } }), 200);
    },
  },
  {
    name: "Counting pages finds every role once",
    async run(logto) {
      const made = [(await logto.role()).id, (await logto.role()).id];
      const found = (await listRoles(logto)).map(({ id }) => id);
      expect(found).toEqual(expect.arrayContaining(made));
      expect(new Set(found).size).toBe(found.length);
    },
  },
  {
    name: "The Link headers of a list lose the /api prefix",
    async run({ call, role }) {
      await role();
      const { headers } = await call("GET", roles, { query: { page_size: "1" } });
      expect(headers.get("link")).toContain("/organization-roles?");
      expect(headers.get("link")).not.toContain("/api/organization-roles?");
    },
  },
  ...badPages(roles, "the role list"),
  {
    name: "A listed role carries its scopes and its resource scopes with their resource",
    async run(logto) {
      const { call, resourceWithScopes, role } = logto;
      const { id } = await role();
      const resource = await resourceWithScopes(2);
      const scopeIds = resource.scopes.map((scope) => scope.id);
      await call("POST", `${roles}/${id}/resource-scopes`, { body: { scopeIds } });

      const listed = (await listRoles(logto)).find((found) => found.id === id);
      expect(listed?.scopes).toEqual([]);
      expect(listed?.resourceScopes).toHaveLength(2);
      expect(listed?.resourceScopes).toEqual(
        expect.arrayContaining(
          resource.scopes.map((scope) =>
            expect.objectContaining({
              id: scope.id,
              name: scope.name,
              resource: expect.objectContaining({ id: resource.id, name: resource.name }),
            }),
          ),
        ),
      );
    },
  },
  {
    name: "Resources are listed with their indicator and, when asked for, their scopes",
    async run({ call, resourceWithScopes }) {
      const { id, indicator, scopes } = await resourceWithScopes(2);
      const reply = await call("GET", "/api/resources", { query: { includeScopes: "true" } });
      expectStatus(reply, 200);
      const listed = v.parse(v.array(resourceSchema), reply.json);
      const own = listed.find((resource) => resource.id === id);
      expect(own?.indicator).toBe(indicator);
      expect(own?.scopes).toEqual(
        expect.arrayContaining(scopes.map((scope) => expect.objectContaining(scope))),
      );
    },
  },
  {
    name: "A role without resource scopes has an empty list of them",
    async run({ call, role }) {
      const reply = await call("GET", `${roles}/${(await role()).id}/resource-scopes`);
      expectStatus(reply, 200);
      expect(reply.json).toEqual([]);
    },
  },
  {
    name: "Resource scopes come in one answer unless a page is asked for",
    async run(logto) {
      const { path, scopeIds } = await roleWithScopes(logto, 25);
      const reply = await logto.call("GET", path);
      expect(new Set(ids(reply))).toEqual(new Set(scopeIds));
    },
  },
  {
    name: "Resource scopes come in pages when a page size is given",
    async run(logto) {
      const { path, scopeIds } = await roleWithScopes(logto, 5);
      const found: string[] = [];
      for (const page of ["1", "2", "3"]) {
        const reply = await logto.call("GET", path, { query: { page, page_size: "2" } });
        expect(totalNumber(reply.headers)).toBe(5);
        found.push(...ids(reply));
      }
      expect(found).toHaveLength(5);
      expect(new Set(found)).toEqual(new Set(scopeIds));
    },
  },
  {
    name: "Resource scopes come twenty to a page when only a page is given",
    async run(logto) {
      const { path } = await roleWithScopes(logto, 21);
      expect(ids(await logto.call("GET", path, { query: { page: "1" } }))).toHaveLength(20);
      expect(ids(await logto.call("GET", path, { query: { page: "2" } }))).toHaveLength(1);
    },
  },
  {
    name: "A page size without a page gives the first page",
    async run(logto) {
      const { path } = await roleWithScopes(logto, 3);
      expect(ids(await logto.call("GET", path, { query: { page_size: "2" } }))).toHaveLength(2);
    },
  },
  ...badPages(`${roles}/no-such-id/resource-scopes`, "the resource scopes of a role"),
  {
    name: "The resource scopes of an unknown role answer 404",
    async run({ call }) {
      const reply = await call("GET", `${roles}/no-such-id/resource-scopes`);
      expectError(reply, 404, "entity.not_found");
    },
  },
  {
    name: "Assigned resource scopes are listed with the resource they belong to",
    async run(logto) {
      const { call, resourceWithScopes, role } = logto;
      const { id } = await role();
      const resource = await resourceWithScopes(1);
      const scopeIds = resource.scopes.map((scope) => scope.id);
      await call("POST", `${roles}/${id}/resource-scopes`, { body: { scopeIds } });
      const reply = await call("GET", `${roles}/${id}/resource-scopes`);
      expect(reply.json).toMatchObject([{ ...resource.scopes[0], resourceId: resource.id }]);
    },
  },
];

const resourceSchema = v.object({
  id: v.string(),
  indicator: v.string(),
  scopes: v.array(v.object({ id: v.string(), name: v.string() })),
});

const roleSchema = v.object({
  id: v.string(),
  scopes: v.array(v.unknown()),
  resourceScopes: v.array(v.unknown()),
});

async function listRoles({ call }: Context): Promise<v.InferOutput<typeof roleSchema>[]> {
  const found: v.InferOutput<typeof roleSchema>[] = [];
  for (let page = 1, total = 1; found.length < total; page += 1) {
    const reply = await call("GET", roles, { query: { page: String(page), page_size: "100" } });
    const listed = v.parse(v.array(roleSchema), reply.json);
    if (listed.length === 0) break;
    found.push(...listed);
    total = totalNumber(reply.headers);
  }
  return found;
}

async function roleWithScopes({ call, resourceWithScopes, role }: Context, count: number) {
  const path = `${roles}/${(await role()).id}/resource-scopes`;
  const { scopes } = await resourceWithScopes(count);
  const scopeIds = scopes.map(({ id }) => id);
  expectStatus(await call("POST", path, { body: { scopeIds } }), 201);
  return { path, scopeIds };
}

function badPages(path: string, what: string): Case[] {
  return [{ page: "0" }, { page: "word" }, { page_size: "101" }, { page_size: "word" }].map(
    (query) => ({
      name: `Of ${what}, ${new URLSearchParams(query)} is refused`,
      async run({ call, role }) {
        const { id } = await role();
        const reply = await call("GET", path.replace("no-such-id", id), { query });
        expectError(reply, 400, "guard.invalid_pagination");
      },
    }),
  );
}

function totalNumber(headers: Headers): number {
  return Number(headers.get("total-number") ?? Number.NaN);
}

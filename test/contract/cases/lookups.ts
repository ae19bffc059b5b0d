import * as v from "valibot";
import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case, Context } from "../harness.ts";
import type { Reply } from "../http.ts";

const organizations = "/api/organizations";
const users = "/api/users";
const oneTimeTokens = "/api/one-time-tokens";

export const lookupCases: readonly Case[] = [
  {
    name: "An organization is read by its id",
    async run({ call, organization }) {
      const { id, name } = await organization();
      const reply = await call("GET", `${organizations}/${id}`);
      expectStatus(reply, 200);
      expect(reply.json).toMatchObject({ id, name });
    },
  },
  {
    name: "Reading an unknown organization answers 404 with a code of its own",
    async run({ call }) {
      const reply = await call("GET", `${organizations}/no-such-id`);
      expectError(reply, 404, "entity.not_exists_with_id");
    },
  },
  {
    name: "Two organizations may have the same name",
    async run({ organization }) {
      const first = await organization();
      const second = await organization(first.name);
      expect(second.name).toBe(first.name);
      expect(second.id).not.toBe(first.id);
    },
  },
  {
    name: "Organizations are listed in pages",
    async run({ call, organization }) {
      await organization();
      await organization();
      expectPage(await call("GET", organizations, { query: { page_size: "1" } }), 2);
    },
  },
  {
    name: "Users are listed in pages",
    async run({ call, user }) {
      await user();
      await user();
      expectPage(await call("GET", users, { query: { page_size: "1" } }), 2);
    },
  },
  ...[organizations, users].flatMap((path) =>
    [{ page: "0" }, { page_size: "101" }, { page: "word" }].map(
      (query): Case => ({
        name: `Of ${path}, ${new URLSearchParams(query)} is refused`,
        async run({ call }) {
          expectError(await call("GET", path, { query }), 400, "guard.invalid_pagination");
        },
      }),
    ),
  ),
  {
    name: "A user is found by the primary e-mail address",
    async run({ call, user }) {
      const { id, primaryEmail } = await user();
      await user();
      const reply = await call("GET", users, { query: { "search.primaryEmail": primaryEmail } });
      expectStatus(reply, 200);
      expect(ids(reply)).toEqual([id]);
      expect(reply.headers.get("total-number")).toBe("1");
    },
  },
  {
    name: "No user is found by an address that nobody has",
    async run({ address, call }) {
      const reply = await call("GET", users, { query: { "search.primaryEmail": address() } });
      expectStatus(reply, 200);
      expect(reply.json).toEqual([]);
    },
  },
  {
    name: "The scopes of an unknown resource are an empty list",
    async run({ call }) {
      const reply = await call("GET", "/api/resources/no-such-id/scopes");
      expectStatus(reply, 200);
      expect(reply.json).toEqual([]);
    },
  },
  {
    name: "The scopes of a resource are listed",
    async run({ call, resourceWithScopes }) {
      const { id, scopes } = await resourceWithScopes(2);
      const found = ids(await call("GET", `/api/resources/${id}/scopes`));
      expect(new Set(found)).toEqual(new Set(scopes.map((scope) => scope.id)));
    },
  },
  {
    name: "A one-time token lasts ten minutes unless told otherwise",
    async run(logto) {
      const email = logto.address();
      const reply = await createOneTimeToken(logto, { email });
      expectStatus(reply, 201);
      expect(reply.json).toMatchObject({
        id: expect.any(String),
        token: expect.any(String),
        email,
      });
      expectLifetime(reply, 600);
    },
  },
  {
    name: "A one-time token lasts as many seconds as it was told",
    async run(logto) {
      const body = { email: logto.address(), expiresIn: 86_400 };
      const reply = await createOneTimeToken(logto, body);
      expectStatus(reply, 201);
      expectLifetime(reply, 86_400);
    },
  },
  {
    name: "A one-time token may carry the organizations to join",
    async run(logto) {
      const { id } = await logto.organization();
      const body = { email: logto.address(), context: { jitOrganizationIds: [id] } };
      expectStatus(await createOneTimeToken(logto, body), 201);
    },
  },
  {
    name: "A one-time token is given for an address that is none",
    async run(logto) {
      expectStatus(await createOneTimeToken(logto, { email: "nobody" }), 201);
    },
  },
];

async function createOneTimeToken(logto: Context, body: unknown): Promise<Reply> {
  const reply = await logto.call("POST", oneTimeTokens, { body });
  const made = v.safeParse(v.object({ id: v.string() }), reply.json);
  if (made.success) logto.removeLater(`${oneTimeTokens}/${made.output.id}`);
  return reply;
}

/** Against the clock of the answer, which knows seconds; a minute either way is far from any other default. */
function expectLifetime(reply: Reply, seconds: number): void {
  const { expiresAt } = v.parse(v.object({ expiresAt: v.number() }), reply.json);
  const answeredAt = Date.parse(reply.headers.get("date") ?? "");
  expect(Math.abs(expiresAt - answeredAt - seconds * 1000)).toBeLessThan(60_000);
}

function expectPage(reply: Reply, atLeast: number): void {
  expectStatus(reply, 200);
  expect(ids(reply)).toHaveLength(1);
  expect(Number(reply.headers.get("total-number"))).toBeGreaterThanOrEqual(atLeast);
}

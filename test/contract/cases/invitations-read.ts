import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case, Context } from "../harness.ts";

const path = "/api/organization-invitations";

export const readCases: readonly Case[] = [
  {
    name: "An invitation is read as it was created",
    async run({ call, invitation, role, user }) {
      const { id: roleId } = await role();
      const inviter = await user();
      const created = await invitation({ organizationRoleIds: [roleId], inviterId: inviter.id });
      const reply = await call("GET", `${path}/${created.id}`);
      expectStatus(reply, 200);
      expect(reply.json).toMatchObject(created);
    },
  },
  {
    name: "Reading an unknown invitation answers 404",
    async run({ call }) {
      expectError(await call("GET", `${path}/no-such-id`), 404, "entity.not_found");
    },
  },
  {
    name: "An invitation that has run out is read as Expired",
    async run({ call, expiredInvitation }) {
      const { id, organizationId } = await expiredInvitation();
      const reply = await call("GET", path, { query: { organizationId } });
      expect(reply.json).toMatchObject([{ id, status: "Expired" }]);
    },
  },
  {
    name: "A list holds the organization's invitations in every status",
    async run({ call, invitation, revokedInvitation }) {
      const revoked = await revokedInvitation();
      const { organizationId } = revoked;
      const pending = await invitation({ organizationId });
      await invitation();
      const reply = await call("GET", path, { query: { organizationId } });
      expectStatus(reply, 200);
      expect(new Set(ids(reply))).toEqual(new Set([revoked.id, pending.id]));
    },
  },
  {
    name: "A list comes newest first",
    async run({ call, invitation }) {
      const first = await invitation();
      const { organizationId } = first;
      const second = await invitation({ organizationId });
      const third = await invitation({ organizationId });
      const reply = await call("GET", path, { query: { organizationId } });
      expect(ids(reply)).toEqual([third.id, second.id, first.id]);
    },
  },
  {
    name: "A listed invitation carries its fields and roles",
    async run({ call, invitation, role }) {
      const { id: roleId, name } = await role();
      const created = await invitation({ organizationRoleIds: [roleId] });
      const query = { organizationId: created.organizationId };
      const reply = await call("GET", path, { query });
      expect(reply.json).toMatchObject([{ ...created, organizationRoles: [{ id: roleId, name }] }]);
    },
  },
  {
    name: "A list by invitee finds every letter case, whichever one is asked for",
    async run({ call, invitation }) {
      const lower = await invitation();
      const { organizationId } = lower;
      const upper = await invitation({ organizationId, invitee: lower.invitee.toUpperCase() });
      for (const invitee of [lower.invitee, upper.invitee]) {
        const found = ids(await call("GET", path, { query: { invitee } }));
        expect(new Set(found)).toEqual(new Set([lower.id, upper.id]));
      }
    },
  },
  {
    name: "A list by invitee finds nothing by a part of the address",
    async run({ call, invitation }) {
      const { invitee } = await invitation();
      expect(ids(await call("GET", path, { query: { invitee: invitee.slice(1) } }))).toEqual([]);
    },
  },
  {
    name: "A list by inviter holds that inviter's invitations only",
    async run({ call, invitation, user }) {
      const inviter = await user();
      const { id, organizationId } = await invitation({ inviterId: inviter.id });
      await invitation({ organizationId });
      expect(ids(await call("GET", path, { query: { inviterId: inviter.id } }))).toEqual([id]);
    },
  },
  {
    name: "Filters narrow each other",
    async run({ call, invitation }) {
      const { id, invitee, organizationId } = await invitation();
      await invitation({ organizationId });
      await invitation({ invitee });
      expect(ids(await call("GET", path, { query: { organizationId, invitee } }))).toEqual([id]);
    },
  },
  {
    name: "A list for an unknown organization is empty",
    async run({ call }) {
      const reply = await call("GET", path, { query: { organizationId: "no-such-id" } });
      expectStatus(reply, 200);
      expect(reply.json).toEqual([]);
    },
  },
  {
    name: "A list without a filter holds everything",
    run: (logto) => expectBothOrganizations(logto, {}),
  },
  ...["organizationId", "inviterId", "invitee"].map(
    (name): Case => ({
      name: `An empty ${name} filters nothing: everything comes back`,
      run: (logto) => expectBothOrganizations(logto, { [name]: "" }),
    }),
  ),
  {
    name: "A list is never paginated, whatever page and page_size say",
    async run({ call, invitation }) {
      const { organizationId } = await invitation();
      for (let more = 0; more < 21; more += 1) await invitation({ organizationId });
      for (const paging of [{}, { page: "1", page_size: "5" }, { page: "2" }, { page: "0" }]) {
        const reply = await call("GET", path, { query: { organizationId, ...paging } });
        expectStatus(reply, 200);
        expect(ids(reply)).toHaveLength(22);
      }
    },
  },
  {
    name: "The unknown filter status is ignored",
    async run({ call, invitation }) {
      const { id, organizationId } = await invitation();
      const reply = await call("GET", path, { query: { organizationId, status: "Revoked" } });
      expectStatus(reply, 200);
      expect(ids(reply)).toEqual([id]);
    },
  },
  ...["organizationId", "inviterId", "invitee"].map(
    (name): Case => ({
      name: `A repeated ${name} is refused`,
      async run({ call }) {
        const query: [string, string][] = [
          [name, "one"],
          [name, "two"],
        ];
        expectError(await call("GET", path, { query }), 400, "guard.invalid_input");
      },
    }),
  ),
];

async function expectBothOrganizations(
  { call, invitation }: Context,
  query: Record<string, string>,
): Promise<void> {
  const one = await invitation();
  const other = await invitation();
  const reply = await call("GET", path, { query });
  expectStatus(reply, 200);
  expect(ids(reply)).toEqual(expect.arrayContaining([one.id, other.id]));
}

import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case } from "../harness.ts";

const path = "/api/organization-invitations";

export const createCases: readonly Case[] = [
  {
    name: "A created invitation is answered with all its fields",
    async run({ call, invitationInput }) {
      const input = await invitationInput();
      const reply = await call("POST", path, { body: input });
      expectStatus(reply, 201);
      expect(reply.json).toMatchObject({
        ...input,
        id: expect.stringMatching(/^.{1,21}$/),
        tenantId: expect.any(String),
        inviterId: null,
        acceptedUserId: null,
        status: "Pending",
        createdAt: expect.any(Number),
        updatedAt: expect.any(Number),
        organizationRoles: [],
      });
    },
  },
  {
    name: "Times are epoch milliseconds",
    async run({ invitation }) {
      const { createdAt, updatedAt } = await invitation();
      const year2020 = 1_577_836_800_000;
      expect(createdAt).toBeGreaterThan(year2020);
      expect(updatedAt).toBeGreaterThan(year2020);
    },
  },
  {
    name: "An expiry is kept to the millisecond",
    async run({ call, invitation, tomorrow }) {
      const second = Math.floor(tomorrow() / 1000) * 1000;
      for (const millisecond of [0, 1, 7, 123, 500, 999]) {
        const expiresAt = second + millisecond;
        const created = await invitation({ expiresAt });
        expect(created.expiresAt).toBe(expiresAt);
        expect((await call("GET", `${path}/${created.id}`)).json).toMatchObject({ expiresAt });
      }
    },
  },
  {
    name: "An expiry a year ahead is kept",
    async run({ invitation, tomorrow }) {
      const expiresAt = tomorrow() + 365 * 24 * 60 * 60 * 1000;
      expect(await invitation({ expiresAt })).toMatchObject({ expiresAt });
    },
  },
  {
    name: "A message payload of false is the same as none",
    async run({ call, invitationInput }) {
      const body = { ...(await invitationInput()), messagePayload: false };
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "The roles of an invitation come back with id and name",
    async run({ invitation, role }) {
      const { id, name } = await role();
      const { organizationRoles } = await invitation({ organizationRoleIds: [id] });
      expect(organizationRoles).toEqual([{ id, name }]);
    },
  },
  {
    name: "An invitation may have several roles",
    async run({ invitation, role }) {
      const roles = [await role(), await role(), await role()];
      const created = await invitation({ organizationRoleIds: roles.map(({ id }) => id) });
      expect(new Set(created.organizationRoles.map(({ id }) => id))).toEqual(
        new Set(roles.map(({ id }) => id)),
      );
    },
  },
  {
    name: "The same role twice is no error",
    async run({ call, invitationInput, role }) {
      const { id } = await role();
      const body = { ...(await invitationInput()), organizationRoleIds: [id, id] };
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "A machine-to-machine role is no error yet",
    async run({ call, invitationInput, role }) {
      const { id } = await role("MachineToMachine");
      const body = { ...(await invitationInput()), organizationRoleIds: [id] };
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "An inviter is kept",
    async run({ invitation, user }) {
      const inviter = await user();
      expect(await invitation({ inviterId: inviter.id })).toMatchObject({ inviterId: inviter.id });
    },
  },
  {
    name: "An unknown field is ignored",
    async run({ call, invitationInput }) {
      const body = { ...(await invitationInput()), noSuchField: true };
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "A second pending invitation with the exact spelling is refused",
    async run({ call, invitation, invitationInput }) {
      const { organizationId, invitee } = await invitation();
      const body = await invitationInput({ organizationId, invitee });
      expectError(await call("POST", path, { body }), 422, "entity.unique_integrity_violation");
    },
  },
  {
    name: "The same address in another letter case gets a second pending invitation",
    async run({ call, invitation, invitationInput }) {
      const first = await invitation();
      const invitee = first.invitee.toUpperCase();
      const body = await invitationInput({ organizationId: first.organizationId, invitee });
      const second = await call("POST", path, { body });
      expectStatus(second, 201);
      expect(second.json).toMatchObject({ invitee, status: "Pending" });
    },
  },
  {
    name: "The same invitee can be invited to another organization",
    async run({ call, invitation, invitationInput }) {
      const { invitee } = await invitation();
      const body = await invitationInput({ invitee });
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  ...(["expiredInvitation", "revokedInvitation"] as const).map(
    (made): Case => ({
      name: `An invitee can be invited again after the ${made.replace("Invitation", "")} one`,
      async run(logto) {
        const { organizationId, invitee } = await logto[made]();
        const body = await logto.invitationInput({ organizationId, invitee });
        expectStatus(await logto.call("POST", path, { body }), 201);
      },
    }),
  ),
  {
    name: "An invitee can be invited again after the invitation was deleted",
    async run({ call, invitation, invitationInput }) {
      const { id, organizationId, invitee } = await invitation();
      await call("DELETE", `${path}/${id}`);
      const body = await invitationInput({ organizationId, invitee });
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "A member of another organization can be invited",
    async run({ call, invitationInput, member, organization }) {
      const { primaryEmail } = await member((await organization()).id);
      const body = await invitationInput({ invitee: primaryEmail });
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "A member's address in another letter case is not recognized as a member's",
    async run({ call, invitationInput, member, organization }) {
      const { id: organizationId } = await organization();
      const { primaryEmail } = await member(organizationId);
      const invitee = primaryEmail.toUpperCase();
      const body = await invitationInput({ organizationId, invitee });
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  {
    name: "Of twenty identical creates at once, one succeeds",
    async run({ atOnce, call, invitationInput }) {
      const body = await invitationInput();
      const replies = await atOnce(
        Array.from({ length: 20 }, () => () => call("POST", path, { body })),
      );
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const refused of replies.filter(({ status }) => status !== 201)) {
        expectError(refused, 422, "entity.unique_integrity_violation");
      }
    },
  },
  {
    name: "Fifty different creates without e-mail at once all succeed",
    async run({ address, atOnce, call, invitationInput }) {
      const input = await invitationInput();
      const replies = await atOnce(
        Array.from({ length: 50 }, () => () => {
          return call("POST", path, { body: { ...input, invitee: address() } });
        }),
      );
      for (const reply of replies) expectStatus(reply, 201);
      const { organizationId } = input;
      expect(ids(await call("GET", path, { query: { organizationId } }))).toHaveLength(50);
    },
  },
];

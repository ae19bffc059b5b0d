import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case } from "../harness.ts";

const path = "/api/organization-invitations";

export const deleteCases: readonly Case[] = [
  {
    name: "A deleted invitation is gone",
    async run({ call, invitation }) {
      const { id } = await invitation();
      expectStatus(await call("DELETE", `${path}/${id}`), 204);
      expectError(await call("GET", `${path}/${id}`), 404, "entity.not_found");
    },
  },
  {
    name: "Deleting an invitation a second time answers 404",
    async run({ call, invitation }) {
      const { id } = await invitation();
      await call("DELETE", `${path}/${id}`);
      expectError(await call("DELETE", `${path}/${id}`), 404, "entity.not_found");
    },
  },
  {
    name: "Deleting an unknown invitation answers 404",
    async run({ call }) {
      expectError(await call("DELETE", `${path}/no-such-id`), 404, "entity.not_found");
    },
  },
  ...(["expiredInvitation", "revokedInvitation", "acceptedInvitation"] as const).map(
    (made): Case => ({
      name: `An invitation is deleted although it is ${made.replace("Invitation", "")}`,
      async run(logto) {
        const { id } = await logto[made]();
        expectStatus(await logto.call("DELETE", `${path}/${id}`), 204);
      },
    }),
  ),
  {
    name: "Membership survives the deletion of the accepted invitation",
    async run({ acceptedInvitation, call }) {
      const { id, organizationId, acceptedUserId } = await acceptedInvitation();
      await call("DELETE", `${path}/${id}`);
      const members = await call("GET", `/api/organizations/${organizationId}/users`);
      expect(ids(members)).toEqual([acceptedUserId]);
    },
  },
  {
    name: "Deleting the organization deletes its invitations",
    async run({ call, invitation }) {
      const { id, organizationId } = await invitation();
      expectStatus(await call("DELETE", `/api/organizations/${organizationId}`), 204);
      expectError(await call("GET", `${path}/${id}`), 404, "entity.not_found");
    },
  },
  {
    name: "Deleting the inviter deletes the invitation",
    async run({ call, invitation, user }) {
      const inviter = await user();
      const { id } = await invitation({ inviterId: inviter.id });
      expectStatus(await call("DELETE", `/api/users/${inviter.id}`), 204);
      expectError(await call("GET", `${path}/${id}`), 404, "entity.not_found");
    },
  },
  {
    name: "Deleting a role takes it off pending invitations",
    async run({ call, invitation, role }) {
      const gone = await role();
      const kept = await role();
      const { id } = await invitation({ organizationRoleIds: [gone.id, kept.id] });
      expectStatus(await call("DELETE", `/api/organization-roles/${gone.id}`), 204);
      const reply = await call("GET", `${path}/${id}`);
      expect(reply.json).toMatchObject({ status: "Pending", organizationRoles: [kept] });
    },
  },
];

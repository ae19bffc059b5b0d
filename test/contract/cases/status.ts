import * as v from "valibot";
import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import { invitationSchema } from "../factories.ts";
import type { Case, Context } from "../harness.ts";

const path = "/api/organization-invitations";

export const statusCases: readonly Case[] = [
  {
    name: "A user with the invitee's address accepts and joins with the invitation's roles",
    async run({ call, invitation, role, user }) {
      const roles = [await role(), await role()];
      const invited = await user();
      const organizationRoleIds = roles.map(({ id }) => id);
      const { id, organizationId } = await invitation({
        invitee: invited.primaryEmail,
        organizationRoleIds,
      });
      const body = { status: "Accepted", acceptedUserId: invited.id };
      const reply = await call("PUT", `${path}/${id}/status`, { body });
      expectStatus(reply, 200);
      expect(reply.json).toMatchObject({ id, ...body });

      const members = `/api/organizations/${organizationId}/users`;
      expect(ids(await call("GET", members))).toEqual([invited.id]);
      const held = ids(await call("GET", `${members}/${invited.id}/roles`));
      expect(new Set(held)).toEqual(new Set(organizationRoleIds));
    },
  },
  {
    name: "A user whose address differs in letter case only accepts, too",
    async run({ address, call, invitation, user }) {
      const invitee = address();
      const { id: acceptedUserId } = await user(invitee.toUpperCase());
      const { id } = await invitation({ invitee });
      const body = { status: "Accepted", acceptedUserId };
      expectStatus(await call("PUT", `${path}/${id}/status`, { body }), 200);
    },
  },
  {
    name: "An accepted invitation is read as Accepted, with its user",
    async run({ acceptedInvitation, call }) {
      const { id, acceptedUserId } = await acceptedInvitation();
      const reply = await call("GET", `${path}/${id}`);
      expect(reply.json).toMatchObject({ status: "Accepted", acceptedUserId });
    },
  },
  {
    name: "Accepting without a user is refused and changes nothing",
    async run({ call, invitation }) {
      const { id } = await invitation();
      const body = { status: "Accepted" };
      expectError(
        await call("PUT", `${path}/${id}/status`, { body }),
        422,
        "request.invalid_input",
      );
      expect((await call("GET", `${path}/${id}`)).json).toMatchObject({ status: "Pending" });
    },
  },
  {
    name: "Accepting by a user with another address is refused and changes nothing",
    async run({ call, invitation, user }) {
      const { id, organizationId } = await invitation();
      const { id: acceptedUserId } = await user();
      const body = { status: "Accepted", acceptedUserId };
      expectError(
        await call("PUT", `${path}/${id}/status`, { body }),
        422,
        "request.invalid_input",
      );
      expect((await call("GET", `${path}/${id}`)).json).toMatchObject({ status: "Pending" });
      expect(ids(await call("GET", `/api/organizations/${organizationId}/users`))).toEqual([]);
    },
  },
  {
    name: "Accepting by an unknown user answers 404",
    async run({ call, invitation }) {
      const { id } = await invitation();
      const body = { status: "Accepted", acceptedUserId: "no-such-id" };
      expectError(await call("PUT", `${path}/${id}/status`, { body }), 404, "entity.not_found");
    },
  },
  {
    name: "Accepting with a machine-to-machine role fails and changes nothing",
    async run({ call, invitation, role, user }) {
      const invited = await user();
      const { id: roleId } = await role("MachineToMachine");
      const { id, organizationId } = await invitation({
        invitee: invited.primaryEmail,
        organizationRoleIds: [roleId],
      });
      const body = { status: "Accepted", acceptedUserId: invited.id };
      const reply = await call("PUT", `${path}/${id}/status`, { body });
      expectError(reply, 422, "entity.db_constraint_violated");
      expect((await call("GET", `${path}/${id}`)).json).toMatchObject({ status: "Pending" });
      expect(ids(await call("GET", `/api/organizations/${organizationId}/users`))).toEqual([]);
    },
  },
  {
    name: "A pending invitation is revoked, and nobody joins",
    async run({ call, invitation }) {
      const { id, organizationId } = await invitation();
      const reply = await call("PUT", `${path}/${id}/status`, { body: { status: "Revoked" } });
      expectStatus(reply, 200);
      expect(reply.json).toMatchObject({ id, status: "Revoked" });
      expect(ids(await call("GET", `/api/organizations/${organizationId}/users`))).toEqual([]);
    },
  },
  {
    name: "A revoked invitation is read as Revoked",
    async run({ call, revokedInvitation }) {
      const { id } = await revokedInvitation();
      expect((await call("GET", `${path}/${id}`)).json).toMatchObject({ status: "Revoked" });
    },
  },
  {
    name: "Revoking an unknown invitation answers 404",
    async run({ call }) {
      const body = { status: "Revoked" };
      const reply = await call("PUT", `${path}/no-such-id/status`, { body });
      expectError(reply, 404, "entity.not_found");
    },
  },
  {
    name: "Accepting an unknown invitation answers 404",
    async run({ call, user }) {
      const { id: acceptedUserId } = await user();
      const body = { status: "Accepted", acceptedUserId };
      const reply = await call("PUT", `${path}/no-such-id/status`, { body });
      expectError(reply, 404, "entity.not_found");
    },
  },
  ...(["expiredInvitation", "revokedInvitation", "acceptedInvitation"] as const).flatMap((made) => [
    endedStays(made, "Revoked"),
    endedStays(made, "Accepted"),
  ]),
  ...["Pending", "Expired", "accepted", "", 7, undefined].map(
    (status): Case => ({
      name: `The status word ${JSON.stringify(status) ?? "that is missing"} is refused`,
      async run({ call, invitation }) {
        const { id } = await invitation();
        const reply = await call("PUT", `${path}/${id}/status`, { body: { status } });
        expectError(reply, 400, "guard.invalid_input");
      },
    }),
  ),
  {
    name: "Of an accept and a revoke at the same moment, one that answered 200 is what stays",
    async run({ atOnce, call, invitation, user }) {
      const invited = await user();
      const { id } = await invitation({ invitee: invited.primaryEmail });
      const changes = [
        { status: "Accepted", acceptedUserId: invited.id },
        { status: "Revoked" },
      ].map((body) => ({ body, send: () => call("PUT", `${path}/${id}/status`, { body }) }));
      const replies = await atOnce(changes.map(({ send }) => send));

      const succeeded = changes
        .filter((_, index) => replies[index]?.status === 200)
        .map(({ body }) => body.status);
      for (const refused of replies.filter(({ status }) => status !== 200)) {
        expectError(refused, 422, "request.invalid_input");
      }
      const { status } = v.parse(invitationSchema, (await call("GET", `${path}/${id}`)).json);
      expect(succeeded).toContain(status);
    },
  },
];

function endedStays(
  made: "expiredInvitation" | "revokedInvitation" | "acceptedInvitation",
  status: "Accepted" | "Revoked",
): Case {
  const ended = made.replace("Invitation", "");
  return {
    name: `Changing the status of an invitation that is ${ended} to ${status} is refused`,
    async run(logto: Context) {
      const { id, invitee, acceptedUserId } = await logto[made]();
      const accepting = async () => acceptedUserId ?? (await logto.user(invitee)).id;
      const body =
        status === "Accepted" ? { status, acceptedUserId: await accepting() } : { status };
      const reply = await logto.call("PUT", `${path}/${id}/status`, { body });
      expectError(reply, 422, "request.invalid_input");
    },
  };
}

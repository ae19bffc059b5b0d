import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Case, Context } from "../harness.ts";

const path = "/api/organization-invitations";

export const createEmailCases: readonly Case[] = [
  ...[
    { what: "an empty message payload", messagePayload: {} },
    {
      what: "a link and a locale",
      messagePayload: { link: "https://contract.invalid/join", locale: "en" },
    },
    {
      what: "keys of its own in the message payload",
      messagePayload: { product: "Contract", seats: 3 },
    },
    {
      what: "keys named like the template's context",
      messagePayload: { organization: { name: "Another" }, inviter: { name: "Somebody" } },
    },
  ].map(
    ({ what, messagePayload }): Case => ({
      name: `An invitation with ${what} is created`,
      needs: ["emailConnector"],
      async run({ call, invitationInput }) {
        const body = { ...(await invitationInput()), messagePayload };
        const reply = await call("POST", path, { body });
        expectStatus(reply, 201);
        expect(reply.json).toMatchObject({ status: "Pending" });
      },
    }),
  ),
  {
    name: "A second pending invitation is refused with an e-mail asked for, too",
    needs: ["emailConnector"],
    async run({ call, invitation, invitationInput }) {
      const { organizationId, invitee } = await invitation();
      const input = await invitationInput({ organizationId, invitee });
      const reply = await call("POST", path, { body: { ...input, messagePayload: {} } });
      expectError(reply, 422, "entity.unique_integrity_violation");
    },
  },
  {
    name: "Ten messages to a recipient pass, and the eleventh is refused without a Retry-After",
    needs: ["emailConnector"],
    async run(logto) {
      const { id } = await mailedTenTimes(logto);
      const eleventh = await logto.call("POST", `${path}/${id}/message`, { body: {} });
      expectError(eleventh, 429, "request.message_rate_limited");
      expect(eleventh.headers.get("retry-after")).toBeNull();
    },
  },
  {
    name: "A create above the message limit is rolled back, whatever letter case and organization",
    needs: ["emailConnector"],
    async run(logto) {
      const { call, invitationInput } = logto;
      const { invitee } = await mailedTenTimes(logto);
      const input = await invitationInput({ invitee: invitee.toUpperCase() });
      const reply = await call("POST", path, { body: { ...input, messagePayload: {} } });
      expectError(reply, 429, "request.message_rate_limited");
      const query = { organizationId: input.organizationId };
      expect(ids(await call("GET", path, { query }))).toEqual([]);
    },
  },
  {
    name: "A create without e-mail passes above the message limit",
    needs: ["emailConnector"],
    async run(logto) {
      const { invitee } = await mailedTenTimes(logto);
      const body = await logto.invitationInput({ invitee });
      expectStatus(await logto.call("POST", path, { body }), 201);
    },
  },
  {
    name: "Without a connector, a create with an e-mail answers 501 and is rolled back",
    needs: ["noEmailConnector"],
    async run({ call, invitationInput }) {
      const input = await invitationInput();
      const reply = await call("POST", path, { body: { ...input, messagePayload: {} } });
      expectError(reply, 501, "connector.not_found");
      const query = { organizationId: input.organizationId };
      expect(ids(await call("GET", path, { query }))).toEqual([]);
    },
  },
  {
    name: "Without a connector, a create without an e-mail succeeds",
    needs: ["noEmailConnector"],
    async run({ call, invitationInput }) {
      expectStatus(await call("POST", path, { body: await invitationInput() }), 201);
    },
  },
  {
    name: "Without a connector, a message answers 501",
    needs: ["noEmailConnector"],
    async run({ call, invitation }) {
      const { id } = await invitation();
      const reply = await call("POST", `${path}/${id}/message`, { body: {} });
      expectError(reply, 501, "connector.not_found");
    },
  },
];

async function mailedTenTimes({ call, invitation }: Context) {
  const created = await invitation();
  for (let message = 0; message < 10; message += 1) {
    expectStatus(await call("POST", `${path}/${created.id}/message`, { body: {} }), 204);
  }
  return created;
}

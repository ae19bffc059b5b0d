import { expect } from "vitest";
import { expectError, expectStatus } from "../expect.ts";
import type { Case } from "../harness.ts";

const path = "/api/organization-invitations";

export const messageCases: readonly Case[] = [
  ...[
    { what: "an empty payload", options: { body: {} } },
    { what: "no body at all", options: {} },
    {
      what: "a link and a locale",
      options: { body: { link: "https://contract.invalid/join", locale: "en" } },
    },
  ].map(
    ({ what, options }): Case => ({
      name: `A message with ${what} is sent`,
      needs: ["emailConnector"],
      async run({ call, invitation }) {
        const { id } = await invitation();
        expectStatus(await call("POST", `${path}/${id}/message`, options), 204);
      },
    }),
  ),
  ...(["expiredInvitation", "revokedInvitation", "acceptedInvitation"] as const).map(
    (made): Case => ({
      name: `A message is sent although the invitation is ${made.replace("Invitation", "")}`,
      needs: ["emailConnector"],
      async run(logto) {
        const { id } = await logto[made]();
        expectStatus(await logto.call("POST", `${path}/${id}/message`, { body: {} }), 204);
      },
    }),
  ),
  {
    name: "A message changes nothing on the invitation",
    needs: ["emailConnector"],
    async run({ call, expiredInvitation }) {
      const { id } = await expiredInvitation();
      const before = await call("GET", `${path}/${id}`);
      await call("POST", `${path}/${id}/message`, { body: {} });
      expect((await call("GET", `${path}/${id}`)).json).toEqual(before.json);
    },
  },
  {
    name: "A message for an unknown invitation answers 404",
    async run({ call }) {
      const reply = await call("POST", `${path}/no-such-id/message`, { body: {} });
      expectError(reply, 404, "entity.not_found");
    },
  },
  {
    name: "A bad message payload is refused",
    async run({ call, invitation }) {
      const { id } = await invitation();
      const reply = await call("POST", `${path}/${id}/message`, { body: { link: 7 } });
      expectError(reply, 400, "guard.invalid_input");
    },
  },
  {
    name: "A bad message payload is refused before the unknown invitation is noticed",
    async run({ call }) {
      const reply = await call("POST", `${path}/no-such-id/message`, { body: { link: 7 } });
      expectError(reply, 400, "guard.invalid_input");
    },
  },
];

import { expect } from "vitest";
import { expectError, expectStatus } from "../expect.ts";
import type { Case } from "../harness.ts";
import type { Reply } from "../http.ts";

const invitations = "/api/organization-invitations";

export const requestCases: readonly Case[] = [
  {
    name: "A successful answer carries a request id",
    async run({ call }) {
      expectRequestId(await call("GET", "/api/organization-roles"));
    },
  },
  {
    name: "An error answer carries a request id",
    async run({ call }) {
      expectRequestId(await call("GET", `${invitations}/no-such-id`));
    },
  },
  {
    name: "A refused token request carries a request id",
    async run({ requestToken }) {
      expectRequestId(await requestToken({ grant_type: "client_credentials" }));
    },
  },
  {
    name: "An error is JSON with a code and a message",
    async run({ call }) {
      const reply = await call("GET", `${invitations}/no-such-id`);
      expect(reply.json).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    },
  },
  {
    name: "The code of an error is the same in another language",
    async run({ call }) {
      const headers = { "accept-language": "fr" };
      const reply = await call("GET", `${invitations}/no-such-id`, { headers });
      expectError(reply, 404, "entity.not_found");
    },
  },
  {
    name: "An unknown path answers 404 in plain text",
    async run({ call }) {
      const reply = await call("GET", "/api/no-such-thing");
      expectStatus(reply, 404);
      expect(reply.text).toBe("Not Found");
      expect(reply.headers.get("content-type")).toContain("text/plain");
    },
  },
  {
    name: "A method that a path does not know answers 405 in plain text",
    async run({ call }) {
      const reply = await call("PUT", invitations, { body: {} });
      expectStatus(reply, 405);
      expect(reply.headers.get("content-type")).toContain("text/plain");
    },
  },
  ...["{", "not json", '{"organizationId": "x",}'].map(
    (rawBody): Case => ({
      name: `The malformed JSON ${rawBody} answers 400 with a message and no code`,
      async run({ call }) {
        const reply = await call("POST", invitations, { rawBody });
        expectStatus(reply, 400);
        expect(reply.json).toMatchObject({ message: expect.any(String) });
        expect(reply.code).toBeUndefined();
      },
    }),
  ),
  {
    name: "A create whose body is over 1 MiB answers 404",
    async run({ call, invitationInput }) {
      const input = await invitationInput();
      const padding = "x".repeat(1024 * 1024);
      const reply = await call("POST", invitations, { body: { ...input, padding } });
      expectStatus(reply, 404);
    },
  },
  {
    name: "A create whose body is a little under 1 MiB is carried out",
    async run({ call, invitationInput }) {
      const input = await invitationInput();
      const padding = "x".repeat(1024 * 1024 - 1024);
      const reply = await call("POST", invitations, { body: { ...input, padding } });
      expectStatus(reply, 201);
    },
  },
];

function expectRequestId(reply: Reply): void {
  expect(reply.headers.get("logto-core-request-id")).toMatch(/./);
}

import { expect } from "vitest";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { InvitationInput } from "../factories.ts";
import type { Case, Context } from "../harness.ts";

const path = "/api/organization-invitations";

export const createRefusalCases: readonly Case[] = [
  {
    name: "A member, by the exact spelling of the primary e-mail, is refused",
    async run({ call, invitationInput, member, organization }) {
      const { id: organizationId } = await organization();
      const { primaryEmail } = await member(organizationId);
      const body = await invitationInput({ organizationId, invitee: primaryEmail });
      expectError(await call("POST", path, { body }), 422, "request.invalid_input");
    },
  },
  unknownReference("organization", { organizationId: "no-such-id" }),
  unknownReference("inviter", { inviterId: "no-such-id" }),
  unknownReference("role", { organizationRoleIds: ["no-such-id"] }),
  {
    name: "One unknown role beside a known one is refused, and nothing is created",
    async run({ call, invitationInput, role }) {
      const { id } = await role();
      const input = await invitationInput();
      const body = { ...input, organizationRoleIds: [id, "no-such-id"] };
      const reply = await call("POST", path, { body });
      expectError(reply, 422, "entity.relation_foreign_key_not_found");
      const { organizationId } = input;
      expect(ids(await call("GET", path, { query: { organizationId } }))).toEqual([]);
    },
  },
  {
    name: "An expiry in the past is refused",
    async run({ call, invitationInput }) {
      const body = await invitationInput({ expiresAt: Date.now() - 24 * 60 * 60 * 1000 });
      expectError(await call("POST", path, { body }), 400, "request.invalid_input");
    },
  },
  {
    name: "An expiry in seconds is refused",
    async run({ call, invitationInput, tomorrow }) {
      const body = await invitationInput({ expiresAt: Math.floor(tomorrow() / 1000) });
      expectError(await call("POST", path, { body }), 400, "request.invalid_input");
    },
  },
  ...(["organizationId", "invitee", "expiresAt"] as const).map((missing) =>
    badInput(`A create without ${missing}`, ({ [missing]: _, ...others }) => others),
  ),
  mistyped("organizationId", 7),
  mistyped("invitee", 7),
  mistyped("invitee", null),
  mistyped("expiresAt", "2099-01-01T00:00:00Z"),
  mistyped("expiresAt", null),
  mistyped("inviterId", 7),
  mistyped("organizationRoleIds", "no-list"),
  mistyped("organizationRoleIds", [7]),
  mistyped("messagePayload", "text"),
  mistyped("messagePayload", { link: 7 }),
  badInput("A list instead of an object", () => []),
  ...["nobody", "nobody@", "@contract.invalid", "no body@contract.invalid", ""].map((invitee) =>
    badInput(`The invitee "${invitee}", which is no e-mail address,`, (input) => ({
      ...input,
      invitee,
    })),
  ),
  badInput("An organization id of 22 characters", (input) => ({
    ...input,
    organizationId: "x".repeat(22),
  })),
  tooLong("A role id of 22 characters", () => ({ organizationRoleIds: ["x".repeat(22)] })),
  tooLong("An invitee of more than 256 characters", ({ address }) => ({
    invitee: `${"x".repeat(256)}${address()}`,
  })),
  {
    name: "An invitee of 256 characters is not too long",
    async run({ address, call, invitationInput }) {
      const invitee = address().padStart(256, "x");
      const body = await invitationInput({ invitee });
      expectStatus(await call("POST", path, { body }), 201);
    },
  },
  serverError("A NUL character in a role id", () => ({ organizationRoleIds: ["a\0b"] })),
  serverError("A NUL character in the organization id", () => ({ organizationId: "a\0b" })),
  serverError("An expiry beyond what the database holds", () => ({ expiresAt: 1e17 })),
];

function unknownReference(what: string, fields: Partial<InvitationInput>): Case {
  return {
    name: `An unknown ${what} is refused`,
    async run({ call, invitationInput }) {
      const body = { ...(await invitationInput()), ...fields };
      const reply = await call("POST", path, { body });
      expectError(reply, 422, "entity.relation_foreign_key_not_found");
    },
  };
}

function mistyped(field: string, value: unknown): Case {
  return badInput(`A create whose ${field} is ${JSON.stringify(value)}`, (input) => ({
    ...input,
    [field]: value,
  }));
}

function badInput(what: string, change: (input: InvitationInput) => unknown): Case {
  return {
    name: `${what} is refused as invalid input`,
    async run({ call, invitationInput }) {
      const body = change(await invitationInput());
      expectError(await call("POST", path, { body }), 400, "guard.invalid_input");
    },
  };
}

function tooLong(what: string, fields: (logto: Context) => Partial<InvitationInput>): Case {
  return {
    name: `${what} is refused as too long, and nothing is created`,
    async run(logto) {
      const { call, invitationInput } = logto;
      const body = { ...(await invitationInput()), ...fields(logto) };
      expectError(await call("POST", path, { body }), 422, "entity.value_too_long");
      const query = { organizationId: body.organizationId };
      expect(ids(await call("GET", path, { query }))).toEqual([]);
    },
  };
}

function serverError(what: string, fields: () => Partial<InvitationInput>): Case {
  return {
    name: `${what} answers 500, and nothing is created`,
    async run({ call, invitationInput }) {
      const input = await invitationInput();
      expectStatus(await call("POST", path, { body: { ...input, ...fields() } }), 500);
      const query = { organizationId: input.organizationId };
      expect(ids(await call("GET", path, { query }))).toEqual([]);
    },
  };
}

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { CleanUps } from "./clean-ups.ts";
import type { Http } from "./http.ts";

export type InvitationFields = {
  organizationId?: string;
  invitee?: string;
  expiresAt?: number;
  inviterId?: string;
  organizationRoleIds?: string[];
};

export type InvitationInput = InvitationFields & { organizationId: string; invitee: string };

export type Invitation = v.InferOutput<typeof invitationSchema>;

type Named = { id: string; name: string };
type User = { id: string; primaryEmail: string };

export type Factories = {
  /** An address nobody has used before, in lower case, at a domain that cannot exist. */
  address(): string;
  /** Epoch milliseconds, a day ahead. */
  tomorrow(): number;
  /** Registers what a case made by itself for removal. */
  removeLater(path: string): void;
  organization(name?: string): Promise<Named>;
  role(type?: "User" | "MachineToMachine"): Promise<Named>;
  user(primaryEmail?: string): Promise<User>;
  /** A user who is a member of the organization. */
  member(organizationId: string): Promise<User>;
  resourceWithScopes(count: number): Promise<Named & { indicator: string; scopes: Named[] }>;
  /** Whatever a create needs, in an organization of its own unless one is given. */
  invitationInput(fields?: InvitationFields): Promise<InvitationInput>;
  invitation(fields?: InvitationFields): Promise<Invitation>;
  expiredInvitation(): Promise<Invitation>;
  revokedInvitation(): Promise<Invitation>;
  acceptedInvitation(): Promise<Invitation & { acceptedUserId: string }>;
};

export const invitationSchema = v.object({
  id: v.string(),
  invitee: v.string(),
  organizationId: v.string(),
  inviterId: v.nullable(v.string()),
  acceptedUserId: v.nullable(v.string()),
  status: v.string(),
  createdAt: v.number(),
  updatedAt: v.number(),
  expiresAt: v.number(),
  organizationRoles: v.array(v.object({ id: v.string(), name: v.string() })),
});

const namedSchema = v.object({ id: v.string(), name: v.string() });
const invitationsPath = "/api/organization-invitations";
const dayMs = 24 * 60 * 60 * 1000;

/** Factories that name everything after this run, and register it for removal. */
export function createFactories({ call }: Http, cleanUps: CleanUps): Factories {
  const runName = `contract-${randomBytes(5).toString("hex")}`;
  let made = 0;

  function unique(): string {
    made += 1;
    return `${runName}-${made}`;
  }

  async function make<const Schema extends v.GenericSchema<unknown, { id: string }>>(
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<v.InferOutput<Schema>> {
    const reply = await call("POST", path, { body });
    if (reply.status !== 200 && reply.status !== 201) {
      throw new Error(`POST ${path} answered ${reply.status} ${reply.code} to a factory.`);
    }
    const product = v.parse(schema, reply.json);
    cleanUps.add(`${path}/${product.id}`);
    return product;
  }

  async function changeStatus(id: string, body: unknown): Promise<Invitation> {
    const reply = await call("PUT", `${invitationsPath}/${id}/status`, { body });
    return v.parse(invitationSchema, reply.json);
  }

  const address = () => `${unique()}@contract.invalid`;
  const tomorrow = () => Date.now() + dayMs;
  const organization = (name = unique()) => make("/api/organizations", { name }, namedSchema);

  function user(primaryEmail = address()): Promise<User> {
    const schema = v.object({ id: v.string(), primaryEmail: v.string() });
    return make("/api/users", { primaryEmail }, schema);
  }

  async function invitationInput(fields: InvitationFields = {}): Promise<InvitationInput> {
    const organizationId = fields.organizationId ?? (await organization()).id;
    return { invitee: address(), expiresAt: tomorrow(), ...fields, organizationId };
  }

  async function invitation(fields?: InvitationFields): Promise<Invitation> {
    return make(invitationsPath, await invitationInput(fields), invitationSchema);
  }

  /** Tries ever longer lifetimes, for a Logto that is slow or whose clock is ahead. */
  async function shortLivedInvitation(): Promise<Invitation> {
    const input = await invitationInput();
    for (let lifetimeMs = 300; lifetimeMs < 60_000; lifetimeMs *= 2) {
      const body = { ...input, expiresAt: Date.now() + lifetimeMs };
      const reply = await call("POST", invitationsPath, { body });
      if (reply.status !== 201) continue;
      const created = v.parse(invitationSchema, reply.json);
      cleanUps.add(`${invitationsPath}/${created.id}`);
      return created;
    }
    throw new Error("No short-lived invitation could be created: compare the clocks.");
  }

  return {
    address,
    tomorrow,
    removeLater: cleanUps.add,
    organization,
    user,
    invitationInput,
    invitation,

    role: (type = "User") => make("/api/organization-roles", { name: unique(), type }, namedSchema),

    async member(organizationId) {
      const joining = await user();
      const body = { userIds: [joining.id] };
      await call("POST", `/api/organizations/${organizationId}/users`, { body });
      return joining;
    },

    async resourceWithScopes(count) {
      const name = unique();
      const schema = v.object({ ...namedSchema.entries, indicator: v.string() });
      const fields = { name, indicator: `https://${name}.invalid` };
      const resource = await make("/api/resources", fields, schema);
      const scopes: Named[] = [];
      for (let number = 1; number <= count; number += 1) {
        const body = { name: `scope:${number}`, description: "Made by the contract suite." };
        const reply = await call("POST", `/api/resources/${resource.id}/scopes`, { body });
        scopes.push(v.parse(namedSchema, reply.json));
      }
      return { ...resource, scopes };
    },

    async expiredInvitation() {
      const { id } = await shortLivedInvitation();
      for (let attempt = 0; attempt < 600; attempt += 1) {
        const { json } = await call("GET", `${invitationsPath}/${id}`);
        const current = v.parse(invitationSchema, json);
        if (current.status === "Expired") return current;
        await sleep(50);
      }
      throw new Error("The invitation never became Expired.");
    },

    async revokedInvitation() {
      const { id } = await invitation();
      return changeStatus(id, { status: "Revoked" });
    },

    async acceptedInvitation() {
      const invited = await user();
      const { id } = await invitation({ invitee: invited.primaryEmail });
      const change = { status: "Accepted", acceptedUserId: invited.id };
      return { ...(await changeStatus(id, change)), acceptedUserId: invited.id };
    },
  };
}

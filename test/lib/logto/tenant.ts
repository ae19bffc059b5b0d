import { onTestFinished } from "vitest";
import type { Seed, SeedInvitation } from "../../../local/logto/seed.ts";
import {
  type LogtoStandIn,
  type LogtoStandInOptions,
  startLogtoStandIn,
} from "../../../local/logto/server.ts";
import type { StoredInvitation } from "../../../local/logto/state.ts";

const DAY_MS = 86_400_000;

export const tomorrow = (): number => Date.now() + DAY_MS;

/** One organization, two roles, two users and a resource with two scopes. */
export const tenant: Seed = {
  organizations: [{ id: "acme", name: "Acme", userIds: ["grace"] }],
  roles: [
    { id: "editor", name: "editor", resourceScopeIds: ["read"] },
    { id: "robot", name: "robot", type: "MachineToMachine" },
  ],
  users: [
    { id: "ada", primaryEmail: "ada@example.com" },
    { id: "grace", primaryEmail: "grace@example.com" },
  ],
  resources: [
    {
      id: "documents",
      name: "Documents",
      indicator: "https://documents.example.com",
      scopes: [
        { id: "read", name: "read" },
        { id: "write", name: "write" },
      ],
    },
  ],
};

/** A stand-in with the tenant in it, for as long as the test runs. */
export async function standInWithTenant(options: LogtoStandInOptions = {}): Promise<LogtoStandIn> {
  const logto = await startLogtoStandIn(options);
  onTestFinished(logto.stop);
  logto.seed(tenant);
  return logto;
}

/** Puts one invitation into the stand-in: pending, of Ada into Acme, unless told otherwise. */
export function seedInvitation(
  logto: LogtoStandIn,
  fields: Partial<SeedInvitation> = {},
): Readonly<StoredInvitation> {
  const [invitation] = logto.seed({ invitations: [invitationWith(fields)] }).invitations;
  if (invitation === undefined) throw new Error("Nothing was seeded.");
  return invitation;
}

export const invitationWith = (fields: Partial<SeedInvitation>): SeedInvitation => ({
  organizationId: "acme",
  invitee: "ada@example.com",
  expiresAt: tomorrow(),
  ...fields,
});

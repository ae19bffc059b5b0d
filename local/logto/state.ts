import { randomInt } from "node:crypto";

export type Organization = {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
  customData: Record<string, unknown>;
  isMfaRequired: boolean;
  color: Record<string, unknown>;
  branding: Record<string, unknown>;
  customCss: string | null;
  createdAt: number;
};

export type OrganizationRole = {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
  type: "User" | "MachineToMachine";
};

export type User = {
  id: string;
  username: string | null;
  primaryEmail: string | null;
  primaryPhone: string | null;
  name: string | null;
  avatar: string | null;
  customData: Record<string, unknown>;
  identities: Record<string, never>;
  lastSignInAt: number | null;
  createdAt: number;
  updatedAt: number;
  profile: Record<string, unknown>;
  applicationId: string | null;
  isSuspended: boolean;
};

export type Resource = {
  tenantId: "default";
  id: string;
  name: string;
  indicator: string;
  isDefault: boolean;
  accessTokenTtl: number;
};

export type Scope = {
  tenantId: "default";
  id: string;
  resourceId: string;
  name: string;
  description: string | null;
  createdAt: number;
};

/** As stored: a pending invitation that has run out is still stored as pending. */
export type StoredInvitation = {
  id: string;
  inviterId: string | null;
  invitee: string;
  acceptedUserId: string | null;
  organizationId: string;
  status: "Pending" | "Accepted" | "Revoked";
  createdAt: number;
  updatedAt: number;
  expiresAt: number;
  roleIds: Set<string>;
};

export type OneTimeToken = {
  tenantId: "default";
  id: string;
  email: string;
  token: string;
  context: { jitOrganizationIds?: string[] | undefined; interactionEvent?: string | undefined };
  status: "active";
  createdAt: number;
  expiresAt: number;
};

export type State = {
  organizations: Map<string, Organization>;
  roles: Map<string, OrganizationRole>;
  users: Map<string, User>;
  resources: Map<string, Resource>;
  scopes: Map<string, Scope>;
  /** Role id → ids of the resource scopes assigned to it. */
  roleScopes: Map<string, Set<string>>;
  /** Organization id → user id → ids of the roles held there. */
  members: Map<string, Map<string, Set<string>>>;
  oneTimeTokens: Map<string, OneTimeToken>;
  /** Look, but add and remove through `addInvitation` and `removeInvitation`: there is an index beside it. */
  invitations: ReadonlyMap<string, Readonly<StoredInvitation>>;
  addInvitation(invitation: StoredInvitation): void;
  changeInvitation(
    id: string,
    change: Partial<Omit<StoredInvitation, "id" | "invitee" | "organizationId">>,
  ): void;
  removeInvitation(id: string): boolean;
  /** Everything ever sent to this address (any letter case) for this organization. */
  invitationsOf(organizationId: string, invitee: string): Readonly<StoredInvitation>[];
};

/** Logto's own management resource, which no client can delete. */
export const managementResourceId = "management-api";

export function createState(managementIndicator: string, now: number): State {
  const invitations = new Map<string, StoredInvitation>();
  const index = new Map<string, Set<string>>();

  return {
    organizations: new Map(),
    roles: new Map(),
    users: new Map(),
    resources: new Map([
      [
        managementResourceId,
        {
          tenantId: "default",
          id: managementResourceId,
          name: "Logto Management API",
          indicator: managementIndicator,
          isDefault: false,
          accessTokenTtl: 3600,
        },
      ],
    ]),
    scopes: new Map([
      [
        "management-api-all",
        {
          tenantId: "default",
          id: "management-api-all",
          resourceId: managementResourceId,
          name: "all",
          description: "Default scope for Management API, allows all permissions.",
          createdAt: now,
        },
      ],
    ]),
    roleScopes: new Map(),
    members: new Map(),
    oneTimeTokens: new Map(),
    invitations,

    addInvitation(invitation) {
      invitations.set(invitation.id, invitation);
      const key = indexKey(invitation.organizationId, invitation.invitee);
      const ids = index.get(key) ?? new Set();
      index.set(key, ids.add(invitation.id));
    },
    changeInvitation(id, change) {
      const invitation = invitations.get(id);
      if (invitation) Object.assign(invitation, change);
    },
    removeInvitation(id) {
      const invitation = invitations.get(id);
      if (!invitation) return false;
      invitations.delete(id);
      const key = indexKey(invitation.organizationId, invitation.invitee);
      const ids = index.get(key);
      ids?.delete(id);
      if (ids?.size === 0) index.delete(key);
      return true;
    },
    invitationsOf(organizationId, invitee) {
      const ids = index.get(indexKey(organizationId, invitee)) ?? [];
      return [...ids].flatMap((id) => invitations.get(id) ?? []);
    },
  };
}

/** An id as Logto makes them: lower-case letters and digits. */
export function randomId(length = 12): string {
  const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

function indexKey(organizationId: string, invitee: string): string {
  return `${organizationId} ${invitee.toLowerCase()}`;
}

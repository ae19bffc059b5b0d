import { joinOrganization } from "./members.ts";
import { newOrganization } from "./organizations.ts";
import {
  type Organization,
  type OrganizationRole,
  type Resource,
  randomId,
  type Scope,
  type State,
  type StoredInvitation,
  type User,
} from "./state.ts";
import { newUser } from "./users.ts";

/** What to put into an empty stand-in. Ids may be chosen (21 characters at most); others are made up. */
export type Seed = {
  organizations?: (Partial<Organization> & { name: string; userIds?: string[] })[];
  roles?: (Partial<OrganizationRole> & { name: string; resourceScopeIds?: string[] })[];
  users?: Partial<User>[];
  resources?: SeedResource[];
  invitations?: SeedInvitation[];
};

/** Pending and created now, unless told otherwise. */
export type SeedInvitation = Pick<StoredInvitation, "organizationId" | "invitee" | "expiresAt"> &
  Partial<Omit<StoredInvitation, "roleIds">> & { organizationRoleIds?: string[] };

export type SeedResource = Partial<Resource> & {
  name: string;
  indicator: string;
  scopes?: (Partial<Scope> & { name: string })[];
};

/** What was seeded, in the given order, complete with ids. */
export type Seeded = {
  organizations: Organization[];
  roles: OrganizationRole[];
  users: User[];
  resources: (Resource & { scopes: Scope[] })[];
  invitations: Readonly<StoredInvitation>[];
};

/** Users and resources come first, so organizations and roles may refer to them. */
export function seedState(seed: Seed, state: State, now: number): Seeded {
  const users = (seed.users ?? []).map((fields) => {
    const user = newUser(fields, now);
    state.users.set(user.id, user);
    return user;
  });
  const resources = (seed.resources ?? []).map((fields) => seedResource(fields, state, now));

  const organizations = (seed.organizations ?? []).map(({ userIds = [], ...fields }) => {
    const organization = newOrganization(fields, now);
    state.organizations.set(organization.id, organization);
    for (const id of userIds) joinOrganization(state, organization.id, id, []);
    return organization;
  });
  const roles = (seed.roles ?? []).map(({ resourceScopeIds = [], ...fields }) => {
    const role: OrganizationRole = {
      tenantId: "default",
      id: randomId(),
      description: null,
      type: "User",
      ...fields,
    };
    state.roles.set(role.id, role);
    state.roleScopes.set(role.id, new Set(resourceScopeIds));
    return role;
  });

  const invitations = (seed.invitations ?? []).map(({ organizationRoleIds = [], ...fields }) => {
    const invitation: StoredInvitation = {
      id: randomId(),
      inviterId: null,
      acceptedUserId: null,
      status: "Pending",
      createdAt: now,
      updatedAt: now,
      ...fields,
      roleIds: new Set(organizationRoleIds),
    };
    state.addInvitation(invitation);
    return invitation;
  });

  return { organizations, roles, users, resources, invitations };
}

function seedResource(
  { scopes = [], ...fields }: SeedResource,
  state: State,
  now: number,
): Resource & { scopes: Scope[] } {
  const resource: Resource = {
    tenantId: "default",
    id: randomId(21),
    isDefault: false,
    accessTokenTtl: 3600,
    ...fields,
  };
  state.resources.set(resource.id, resource);
  const seededScopes = scopes.map((scopeFields) => {
    const scope: Scope = {
      tenantId: "default",
      id: randomId(21),
      description: null,
      createdAt: now,
      ...scopeFields,
      resourceId: resource.id,
    };
    state.scopes.set(scope.id, scope);
    return scope;
  });
  return { ...resource, scopes: seededScopes };
}

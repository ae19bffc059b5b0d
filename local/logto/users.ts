import * as v from "valibot";
import { type Answer, entityNotFound, guard, LogtoError, noContent, ok } from "./answers.ts";
import { answerPage, readPage } from "./pagination.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";
import { randomId, type User } from "./state.ts";
import { matchUsers } from "./user-search.ts";

export const userRoutes: Route[] = [
  { operation: "GET /api/users", handle: listUsers },
  { operation: "POST /api/users", handle: createUser },
  { operation: "GET /api/users/{id}", handle: getUser },
  { operation: "DELETE /api/users/{id}", handle: deleteUser },
];

const userSchema = v.object({
  primaryEmail: v.optional(v.pipe(v.string(), v.regex(/^\S+@\S+\.\S+$/))),
  primaryPhone: v.optional(v.pipe(v.string(), v.regex(/^\d+$/))),
  username: v.optional(v.pipe(v.string(), v.regex(/^[A-Z_a-z]\w*$/))),
  name: v.optional(v.string()),
  avatar: v.nullish(v.string()),
  customData: v.optional(v.record(v.string(), v.unknown())),
});

/** The fields a created user gets unless it is told otherwise. */
export function newUser(fields: Partial<User>, now: number): User {
  return {
    id: randomId(),
    username: null,
    primaryEmail: null,
    primaryPhone: null,
    name: null,
    avatar: null,
    customData: {},
    identities: {},
    lastSignInAt: null,
    createdAt: now,
    updatedAt: now,
    profile: {},
    applicationId: null,
    isSuspended: false,
    ...fields,
  };
}

function listUsers(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const page = readPage(request);
  return database.query(() => {
    const matches = matchUsers(request.query);
    return answerPage(request, [...state.users.values()].filter(matches), page);
  });
}

function createUser(request: ApiRequest, { state, database, now }: Logto): Promise<Answer> {
  const given = guard(userSchema, request.body ?? {});
  return database.query(() => {
    const users = [...state.users.values()];
    const email = given.primaryEmail?.toLowerCase();
    if (given.username && users.some(({ username }) => username === given.username)) {
      throw new LogtoError(422, "user.username_already_in_use");
    }
    if (email && users.some(({ primaryEmail }) => primaryEmail?.toLowerCase() === email)) {
      throw new LogtoError(422, "user.email_already_in_use");
    }
    const { primaryEmail, primaryPhone, username, name, avatar, customData } = given;
    const user = newUser(
      {
        primaryEmail: primaryEmail ?? null,
        primaryPhone: primaryPhone ?? null,
        username: username ?? null,
        name: name ?? null,
        avatar: avatar ?? null,
        customData: customData ?? {},
      },
      now(),
    );
    state.users.set(user.id, user);
    return ok(user);
  });
}

function getUser(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const user = state.users.get(param(request, "id"));
    if (!user) throw entityNotFound();
    return ok(user);
  });
}

/** Takes the user's memberships along, and the invitations the user sent or accepted. */
function deleteUser(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  const id = param(request, "id");
  return database.query(() => {
    if (!state.users.delete(id)) throw entityNotFound();
    for (const members of state.members.values()) members.delete(id);
    for (const invitation of [...state.invitations.values()]) {
      if (invitation.inviterId === id || invitation.acceptedUserId === id) {
        state.removeInvitation(invitation.id);
      }
    }
    return noContent;
  });
}

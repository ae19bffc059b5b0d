import * as v from "valibot";
import { type Answer, created, entityNotFound, guard, noContent, ok } from "./answers.ts";
import { type ApiRequest, type Logto, param, type Route } from "./route.ts";
import { type OneTimeToken, randomId } from "./state.ts";

export const oneTimeTokenRoutes: Route[] = [
  { operation: "POST /api/one-time-tokens", handle: createOneTimeToken },
  { operation: "GET /api/one-time-tokens/{id}", handle: getOneTimeToken },
  { operation: "DELETE /api/one-time-tokens/{id}", handle: deleteOneTimeToken },
];

const tokenSchema = v.object({
  email: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  expiresIn: v.optional(v.pipe(v.number(), v.minValue(1)), 600),
  context: v.optional(
    v.object({
      jitOrganizationIds: v.optional(v.array(v.string())),
      interactionEvent: v.optional(v.picklist(["SignIn", "Register", "ForgotPassword"])),
    }),
    {},
  ),
});

/** The address is not checked for being one. */
function createOneTimeToken(request: ApiRequest, { state, database, now }: Logto): Promise<Answer> {
  const { expiresIn, ...fields } = guard(tokenSchema, request.body ?? {});
  return database.query(() => {
    const createdAt = now();
    const oneTimeToken: OneTimeToken = {
      tenantId: "default",
      id: randomId(),
      token: randomId(32),
      status: "active",
      createdAt,
      expiresAt: createdAt + expiresIn * 1000,
      ...fields,
    };
    state.oneTimeTokens.set(oneTimeToken.id, oneTimeToken);
    return created(oneTimeToken);
  });
}

function getOneTimeToken(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    const oneTimeToken = state.oneTimeTokens.get(param(request, "id"));
    if (!oneTimeToken) throw entityNotFound();
    return ok(oneTimeToken);
  });
}

function deleteOneTimeToken(request: ApiRequest, { state, database }: Logto): Promise<Answer> {
  return database.query(() => {
    if (!state.oneTimeTokens.delete(param(request, "id"))) throw entityNotFound();
    return noContent;
  });
}

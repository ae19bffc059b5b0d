import * as v from "valibot";
import { listOf, logtoId, roleReference, text } from "./fields.ts";

/**
 * A resource scope: by its id, or by the indicator of its API resource and its name.
 */
const scopeReference = () =>
  v.union(
    [logtoId(), v.strictObject({ resource: text(2048), scope: text(256) })],
    'must be the id of a scope, or { "resource": its API resource\'s indicator, "scope": its name }',
  );

const scopes = () => listOf(scopeReference(), 1000, "must name at most 1000 scopes");

const someScopes = () => v.pipe(scopes(), v.minLength(1, "must name at least one scope"));

const PRUNE_FORMS = "must be true, false or a list of at most 1000 resource indicators";

const role = { role: roleReference() };

/** `data` of `onboarding.role-scopes.assign`: the role holds these as well. */
export const roleScopesAssignData = v.strictObject({ ...role, scopes: someScopes() });

/** `data` of `onboarding.role-scopes.remove`: the role no longer holds these. */
export const roleScopesRemoveData = v.strictObject({ ...role, scopes: someScopes() });

/** `data` of `onboarding.role-scopes.replace`: the role holds these and no others. */
export const roleScopesReplaceData = v.strictObject({ ...role, scopes: scopes() });

/**
 * `data` of `onboarding.role-scopes.sync`: the role holds these; only the difference is written.
 *
 * `prune` says what becomes of scopes that are not named: `false` (the default) leaves them, `true`
 * removes them, and a list of resource indicators removes those of these resources.
 */
export const roleScopesSyncData = v.strictObject({
  ...role,
  scopes: scopes(),
  prune: v.optional(
    v.union([v.boolean(), listOf(text(2048), 1000, PRUNE_FORMS)], PRUNE_FORMS),
    false,
  ),
});

export type ScopeReference = v.InferOutput<ReturnType<typeof scopeReference>>;

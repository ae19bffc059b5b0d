import type { Meaning } from "./errors.ts";
import type { Operation } from "./operations.ts";

/**
 * What each answer of Logto means, as observed on a real one. The first row that fits decides.
 *
 * `operations` absent: any. `code` absent: any, or none; `code: null`: none, as in the plain text of
 * a proxy or of a path that Logto does not have. A `status` ending in `xx` stands for its hundred.
 */
export type MeaningRow = {
  readonly operations?: readonly Operation[];
  readonly status: number | "3xx" | "4xx" | "5xx";
  readonly code?: string | null;
  readonly meaning: Meaning;
  readonly sentence: string;
};

const create: readonly Operation[] = ["invitations.create"];
const email: readonly Operation[] = ["invitations.create", "invitations.resendMessage"];
const status: readonly Operation[] = ["invitations.updateStatus"];
const token: readonly Operation[] = ["token"];
const scopes: readonly Operation[] = [
  "organizationRoles.assignResourceScopes",
  "organizationRoles.replaceResourceScopes",
];

export const meaningRows: readonly MeaningRow[] = [
  // The token endpoint: a wrong secret is 401, an unknown app 400.
  {
    operations: token,
    status: 401,
    code: "oidc.invalid_client",
    meaning: "unauthorized",
    sentence: "Logto refuses the client secret: check appSecret in the secret",
  },
  {
    operations: token,
    status: 400,
    code: "oidc.invalid_client",
    meaning: "unauthorized",
    sentence: "Logto does not know the app: check appId in the secret",
  },
  {
    operations: token,
    status: 400,
    code: "oidc.invalid_target",
    meaning: "not-configured",
    sentence: "Logto does not know the API resource: check resource in the secret",
  },
  {
    operations: token,
    status: 429,
    meaning: "rate-limited",
    sentence: "the tenant's request budget is used up",
  },
  {
    operations: token,
    status: "4xx",
    meaning: "not-configured",
    sentence:
      "Logto's token endpoint refuses the request: check endpoint and resource in the secret",
  },

  // Create
  {
    operations: create,
    status: 422,
    code: "entity.unique_integrity_violation",
    meaning: "already-exists",
    sentence: "a pending invitation exists",
  },
  {
    operations: create,
    status: 422,
    code: "request.invalid_input",
    meaning: "already-a-member",
    sentence: "the invitee is a member of the organization already",
  },
  {
    operations: create,
    status: 422,
    code: "entity.relation_foreign_key_not_found",
    meaning: "reference-not-found",
    sentence: "the organization, a role or the inviter does not exist in Logto",
  },

  // E-mail, with create and with message. The 400 is an outage of the provider, whatever it says.
  {
    operations: email,
    status: 400,
    code: "connector.general",
    meaning: "email-provider-failed",
    sentence: "the e-mail provider of the tenant failed",
  },
  {
    operations: email,
    status: 400,
    code: "connector.template_not_found",
    meaning: "not-configured",
    sentence: "the tenant's e-mail connector has no template for organization invitations",
  },
  {
    operations: email,
    status: 501,
    code: "connector.not_found",
    meaning: "not-configured",
    sentence: "the tenant has no e-mail connector",
  },
  {
    operations: email,
    status: 429,
    code: "request.message_rate_limited",
    meaning: "recipient-rate-limited",
    sentence: "the recipient has had ten messages in ten minutes",
  },

  // Status
  {
    operations: status,
    status: 422,
    code: "request.invalid_input",
    meaning: "ended",
    sentence: "the invitation is no longer pending, or that user may not accept it",
  },
  {
    operations: status,
    status: 422,
    code: "entity.db_constraint_violated",
    meaning: "invalid",
    sentence: "the invitation carries a machine-to-machine role, which a user cannot have",
  },

  // Resource scopes
  {
    operations: scopes,
    status: 422,
    code: "entity.relation_foreign_key_not_found",
    meaning: "reference-not-found",
    sentence: "the organization role or a scope does not exist in Logto",
  },
  {
    operations: scopes,
    status: 422,
    code: "entity.unique_integrity_violation",
    meaning: "invalid",
    sentence: "a scope is named twice",
  },

  // Any call
  {
    status: 401,
    meaning: "unauthorized",
    sentence: "Logto refuses the access token",
  },
  {
    status: 403,
    meaning: "not-configured",
    sentence:
      "the app lacks the Management API's scope all: give it a machine-to-machine role that has it",
  },
  {
    status: 404,
    code: null,
    meaning: "not-configured",
    sentence: "no Logto Management API answers there: check endpoint in the secret",
  },
  {
    status: 405,
    meaning: "not-configured",
    sentence: "no Logto Management API answers there: check endpoint in the secret",
  },
  {
    status: 404,
    meaning: "not-found",
    sentence: "Logto does not know it",
  },
  {
    status: 408,
    meaning: "unavailable",
    sentence: "something in front of Logto gave up waiting",
  },
  {
    status: 429,
    meaning: "rate-limited",
    sentence: "the tenant's request budget is used up",
  },
  {
    status: "5xx",
    meaning: "unavailable",
    sentence: "Logto failed",
  },
  {
    status: "4xx",
    meaning: "invalid",
    sentence: "Logto refuses the request",
  },
  {
    status: "3xx",
    meaning: "unavailable",
    sentence: "Logto's endpoint answers with a redirect: check endpoint in the secret",
  },
];

/** The row that says what an answer means. */
export function meaningOf(
  operation: Operation,
  status: number,
  code: string | undefined,
): MeaningRow {
  const fits = (row: MeaningRow): boolean =>
    (row.operations === undefined || row.operations.includes(operation)) &&
    (row.status === status || row.status === `${Math.floor(status / 100)}xx`) &&
    (row.code === undefined || row.code === (code ?? null));
  return meaningRows.find(fits) ?? UNKNOWN;
}

const UNKNOWN: MeaningRow = {
  status: "5xx",
  meaning: "unavailable",
  sentence: "the answer is not one that Logto gives",
};

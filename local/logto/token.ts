import { randomBytes } from "node:crypto";
import { type Answer, LogtoError, ok } from "./answers.ts";
import type { FaultRequest, Faults } from "./faults.ts";
import { randomId, type State } from "./state.ts";

export type App = { id: string; secret: string };

export type Tokens = {
  /** POST /oidc/token. */
  exchange(form: URLSearchParams, authorization: string | undefined, request: FaultRequest): Answer;
  /**
   * Lets a Management API request pass.
   * @throws {LogtoError} 401 or 403 `auth.*`
   */
  authorize(authorization: string | undefined): void;
  /** Adds a secret beside those there are, and returns it. */
  rotateSecret(): string;
  removeSecret(secret: string): void;
  /** Everything issued so far is refused from now on. */
  revokeTokens(): void;
};

/** The one scope the Management API knows. */
const managementScope = "all";

export function createTokens(options: {
  app: App;
  resource: string;
  lifetimeSeconds: number;
  now: () => number;
  state: State;
  faults: Faults;
}): Tokens {
  const { app, resource, lifetimeSeconds, now, state, faults } = options;
  const secrets = new Set([app.secret]);
  const issued = new Map<string, { expiresAt: number; audience: string; scope: string }>();

  function authenticate(form: URLSearchParams, authorization: string | undefined): void {
    const { id, secret } = clientFromBasic(authorization) ?? {
      id: form.get("client_id"),
      secret: form.get("client_secret"),
    };
    if (id !== app.id) throw oidcError(400, "invalid_client");
    if (secret === null || !secrets.has(secret)) throw oidcError(401, "invalid_client");
  }

  function isKnownResource(indicator: string): boolean {
    return [...state.resources.values()].some((known) => known.indicator === indicator);
  }

  return {
    exchange(form, authorization, request) {
      authenticate(form, authorization);
      const grantType = form.get("grant_type");
      if (grantType === null) throw oidcError(400, "invalid_request");
      if (grantType !== "client_credentials") throw oidcError(400, "unsupported_grant_type");
      const audience = form.get("resource");
      if (audience === null || !isKnownResource(audience)) throw oidcError(400, "invalid_target");

      const withoutScope = faults.take("token", request).length > 0;
      const asked = (form.get("scope") ?? "").split(" ");
      const granted = audience === resource && asked.includes(managementScope) && !withoutScope;
      const scope = granted ? managementScope : "";
      const token = randomBytes(32).toString("base64url");
      issued.set(token, { expiresAt: now() + lifetimeSeconds * 1000, audience, scope });

      return ok(
        {
          access_token: token,
          expires_in: lifetimeSeconds,
          token_type: "Bearer",
          ...(scope && { scope }),
        },
        { "cache-control": "no-store" },
      );
    },

    authorize(authorization) {
      if (!authorization) throw new LogtoError(401, "auth.authorization_header_missing");
      if (!authorization.startsWith("Bearer")) {
        throw new LogtoError(401, "auth.authorization_token_type_not_supported", {
          data: { supportedTypes: ["Bearer"] },
        });
      }
      const token = issued.get(authorization.slice("Bearer ".length));
      if (!token || token.expiresAt <= now() || token.audience !== resource) {
        throw new LogtoError(401, "auth.unauthorized");
      }
      if (token.scope !== managementScope) throw new LogtoError(403, "auth.forbidden");
    },

    rotateSecret() {
      const secret = randomId(32);
      secrets.add(secret);
      return secret;
    },
    removeSecret(secret) {
      secrets.delete(secret);
    },
    revokeTokens: () => issued.clear(),
  };
}

/** Identifier and secret are form-encoded before they are joined and encoded again (RFC 6749, 2.3.1). */
function clientFromBasic(authorization: string | undefined): App | undefined {
  const encoded = /^Basic +(.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { id: formDecode(id), secret: formDecode(secret.join(":")) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`value=${text}`).get("value") ?? "";
}

function oidcError(status: 400 | 401, error: string): LogtoError {
  return new LogtoError(status, `oidc.${error}`, { data: { error } });
}

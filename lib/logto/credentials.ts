import * as v from "valibot";

/** How to reach a tenant's Management API: what the secret holds. */
export type Credentials = {
  /** Base URL of the tenant, such as `https://example.logto.app`. */
  readonly endpoint: string;
  /** Id and secret of a machine-to-machine app that may use the Management API. */
  readonly appId: string;
  readonly appSecret: string;
  /** API resource indicator of the Management API. */
  readonly resource: string;
  /** Keys the hashes of invitees in the logs. Of its own, it outlives a rotation of `appSecret`. */
  readonly hashKey: string;
};

/** Where credentials come from: `get` may answer from memory, `refresh` reads them anew. */
export type CredentialsSource = {
  readonly get: () => Promise<Credentials>;
  readonly refresh: () => Promise<Credentials>;
};

/** The secret cannot be used as it is. The message names the field and quotes no value. */
export class InvalidCredentialsError extends Error {
  override readonly name = "InvalidCredentialsError";
}

/**
 * Parses the secret: JSON `{ "endpoint", "appId", "appSecret", "resource"?, "hashKey"? }`.
 *
 * `resource` defaults to that of Logto Cloud for an endpoint of Logto Cloud, and to that of a
 * self-hosted Logto for any other; `hashKey` to `appSecret`.
 *
 * @throws InvalidCredentialsError naming what is missing.
 */
export function parseCredentials(secret: string): Credentials {
  let json: unknown;
  try {
    json = JSON.parse(secret);
  } catch {
    throw new InvalidCredentialsError(`the secret is not JSON: ${EXPECTED}.`);
  }
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const fields = parsed.issues
      .map((issue) => v.getDotPath(issue))
      .filter((path) => path !== null);
    const where = fields.length === 0 ? "" : ` ${[...new Set(fields)].join(", ")} in`;
    throw new InvalidCredentialsError(`the secret cannot be used, check${where} it: ${EXPECTED}.`);
  }
  const { appId, appSecret, endpoint, resource, hashKey = appSecret } = parsed.output;
  return { endpoint, appId, appSecret, resource: resource ?? managementApi(endpoint), hashKey };
}

/** Fixed credentials, for programs that are given them directly. */
export const fixedCredentials = (credentials: Credentials): CredentialsSource => ({
  get: () => Promise.resolve(credentials),
  refresh: () => Promise.resolve(credentials),
});

const EXPECTED =
  'it must be JSON such as { "endpoint": "https://…", "appId": "…", "appSecret": "…", "resource"?: "…" }';

const schema = v.object({
  endpoint: v.pipe(v.string(), v.transform(baseUrl), v.string()),
  appId: v.pipe(v.string(), v.nonEmpty()),
  appSecret: v.pipe(v.string(), v.nonEmpty()),
  resource: v.optional(v.pipe(v.string(), v.nonEmpty())),
  hashKey: v.optional(v.pipe(v.string(), v.nonEmpty())),
});

/** The URL without what no base URL has: credentials, query, fragment, and the API's own path. */
function baseUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return undefined;
  }
  const path = url.pathname.replace(/\/+$/, "");
  return path.endsWith("/api") ? undefined : `${url.origin}${path}`;
}

const managementApi = (endpoint: string): string =>
  /^https:\/\/[^/]+\.logto\.app$/.test(endpoint)
    ? `${endpoint}/api`
    : "https://default.logto.app/api";

import { createBudget } from "../lib/logto/budget.ts";
import { createLogtoClient, type LogtoClient } from "../lib/logto/client.ts";
import {
  type CredentialsSource,
  fixedCredentials,
  parseCredentials,
} from "../lib/logto/credentials.ts";
import { cachedSecret } from "../lib/runtime/secret.ts";
import { readSecretText } from "../lib/runtime/secrets-manager.ts";
import type { Target } from "./target.ts";
import { UsageError } from "./usage-error.ts";

const SECRET_TTL_MS = 300_000;

/** Half of what Logto Cloud gives a tenant: the functions go on meanwhile. */
const BUDGET = { requestsPerSecond: 10, burst: 50, emailCreatesInFlight: 1 };

/**
 * Logto's credentials: those of `LOGTO_ENDPOINT`, `LOGTO_APP_ID`, `LOGTO_APP_SECRET` and
 * `LOGTO_RESOURCE` where they are set, else of the secret `LOGTO_SECRET_ID`.
 *
 * @throws UsageError saying what to set.
 */
export function findCredentials(environment: Target["environment"]): CredentialsSource {
  const { LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET, LOGTO_RESOURCE } = environment;
  if (LOGTO_ENDPOINT) {
    for (const [name, value] of Object.entries({ LOGTO_APP_ID, LOGTO_APP_SECRET })) {
      if (!value) throw new UsageError(`${name} is not set: set it as well as LOGTO_ENDPOINT.`);
    }
    const secret = {
      endpoint: LOGTO_ENDPOINT,
      appId: LOGTO_APP_ID,
      appSecret: LOGTO_APP_SECRET,
      ...(LOGTO_RESOURCE ? { resource: LOGTO_RESOURCE } : {}),
    };
    return fixedCredentials(parseCredentials(JSON.stringify(secret)));
  }
  const { LOGTO_SECRET_ID } = environment;
  if (!LOGTO_SECRET_ID) {
    throw new UsageError(
      "Which Logto is not said: name the stage with --stage, use --local while npm start is running, or set " +
        "LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET, or LOGTO_SECRET_ID.",
    );
  }
  return cachedSecret({
    read: () => readSecretText(LOGTO_SECRET_ID),
    parse: parseCredentials,
    ttlMs: SECRET_TTL_MS,
  });
}

/**
 * The Logto of a target.
 *
 * @throws UsageError saying what to set.
 */
export const openLogto = ({ environment }: Pick<Target, "environment">): LogtoClient =>
  createLogtoClient({
    credentials: findCredentials(environment),
    budget: createBudget(BUDGET),
    timeoutMs: 10_000,
    emailTimeoutMs: 30_000,
  });

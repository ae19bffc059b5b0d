import type { LogtoClient } from "../lib/logto/client.ts";
import { limitedLogto } from "../lib/logto/configured-client.ts";
import {
  type CredentialsSource,
  fixedCredentials,
  InvalidCredentialsError,
  parseCredentials,
} from "../lib/logto/credentials.ts";
import { cachedSecret } from "../lib/runtime/secret.ts";
import { settingsReader } from "../lib/runtime/settings.ts";
import type { Target } from "./target.ts";
import { UsageError } from "./usage-error.ts";

const VARIABLES = ["LOGTO_ENDPOINT", "LOGTO_APP_ID", "LOGTO_APP_SECRET"] as const;

type Environment = Target["environment"];

/**
 * The Logto of a target, within the limits that the functions have. Nothing is asked of it yet.
 *
 * @throws UsageError saying what to set, SettingsError.
 */
export const openLogto = ({ environment }: Pick<Target, "environment">): LogtoClient =>
  limitedLogto(settingsReader(environment), findCredentials(environment));

/**
 * Logto's credentials: those of `LOGTO_ENDPOINT` and its companions where they are set, else those of
 * the secret `LOGTO_SECRET_ID`, which a stage and the local stack name.
 *
 * @throws UsageError saying what to set.
 */
export function findCredentials(environment: Environment): CredentialsSource {
  const missing = VARIABLES.filter((name) => (environment[name] ?? "") === "");
  if (missing.length === 0) return ofEnvironment(environment);
  const secretId = environment["LOGTO_SECRET_ID"] ?? "";
  if (secretId !== "") return ofSecret(secretId);
  if (missing.length < VARIABLES.length) {
    const verb = missing.length === 1 ? "is" : "are";
    throw new UsageError(
      `${missing.join(" and ")} ${verb} not set: set all of ${VARIABLES.join(", ")}, or none of them.`,
    );
  }
  throw new UsageError(
    `No Logto is named: name the stage with --stage, use --local while npm start is running, or set ` +
      `${VARIABLES.join(", ")}, or LOGTO_SECRET_ID to the secret that holds them.`,
  );
}

function ofEnvironment(environment: Environment): CredentialsSource {
  const [endpoint, appId, appSecret] = VARIABLES.map((name) => environment[name]);
  const resource = environment["LOGTO_RESOURCE"] || undefined;
  try {
    return fixedCredentials(
      parseCredentials(JSON.stringify({ endpoint, appId, appSecret, resource })),
    );
  } catch (error) {
    if (!(error instanceof InvalidCredentialsError)) throw error;
    throw new UsageError(
      "LOGTO_ENDPOINT cannot be used: set it to the tenant's base URL, such as https://example.logto.app.",
    );
  }
}

/** A command ends before a rotation matters; what is refused is read again all the same. */
const ofSecret = (secretId: string) =>
  cachedSecret({
    read: async () => {
      const { readSecretText } = await import("../lib/runtime/secrets-manager.ts");
      return readSecretText(secretId);
    },
    parse: parseCredentials,
    ttlMs: Number.POSITIVE_INFINITY,
  });

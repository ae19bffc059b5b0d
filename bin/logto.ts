import type { SecretsManagerClientConfig } from "@aws-sdk/client-secrets-manager";
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
import { localStack } from "./local-stack.ts";
import { UsageError } from "./usage-error.ts";

/** Where a command looks for Logto. */
export type LogtoOptions = { readonly local?: boolean };

const VARIABLES = ["LOGTO_ENDPOINT", "LOGTO_APP_ID", "LOGTO_APP_SECRET"] as const;

/**
 * The Logto of the local stack, else that of `LOGTO_ENDPOINT` and its companions, else that of the
 * secret `LOGTO_SECRET_ID`, within the limits that the functions have. Nothing is asked of it yet.
 *
 * @throws UsageError saying what to set, SettingsError.
 */
export const openLogto = (options: LogtoOptions): LogtoClient =>
  limitedLogto(settingsReader(process.env), credentialsFor(options));

function credentialsFor({ local }: LogtoOptions): CredentialsSource {
  if (local) return ofLocalStack();
  const missing = VARIABLES.filter((name) => (process.env[name] ?? "") === "");
  if (missing.length === 0) return ofEnvironment();
  if (missing.length < VARIABLES.length) {
    const verb = missing.length === 1 ? "is" : "are";
    throw new UsageError(
      `${missing.join(" and ")} ${verb} not set: set all of ${VARIABLES.join(", ")}, or none of them.`,
    );
  }
  const secretId = process.env["LOGTO_SECRET_ID"] ?? "";
  if (secretId !== "") return ofSecret(secretId);
  throw new UsageError(
    `No Logto is named: set ${VARIABLES.join(", ")}, or LOGTO_SECRET_ID to the secret that holds them, ` +
      "or use --local while npm start is running.",
  );
}

function ofEnvironment(): CredentialsSource {
  const [endpoint, appId, appSecret] = VARIABLES.map((name) => process.env[name]);
  const resource = process.env["LOGTO_RESOURCE"] || undefined;
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

function ofLocalStack(): CredentialsSource {
  const { awsEndpoint, region, functions } = localStack();
  const secretId = Object.values(functions)
    .map((environment) => environment["LOGTO_SECRET_ID"])
    .find((id) => id !== undefined);
  if (secretId === undefined) throw new UsageError("No function of the local stack uses Logto.");
  return ofSecret(
    secretId,
    awsEndpoint === undefined
      ? { region }
      : {
          region,
          endpoint: awsEndpoint,
          credentials: { accessKeyId: "local", secretAccessKey: "local" },
        },
  );
}

/** A command ends before a rotation matters; what is refused is read again all the same. */
const ofSecret = (secretId: string, configuration?: SecretsManagerClientConfig) =>
  cachedSecret({
    read: async () => {
      const { readSecretText } = await import("../lib/runtime/secrets-manager.ts");
      return readSecretText(secretId, configuration);
    },
    parse: parseCredentials,
    ttlMs: Number.POSITIVE_INFINITY,
  });

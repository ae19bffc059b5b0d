import { cachedSecret } from "../runtime/secret.ts";
import {
  anyText,
  durationSeconds,
  positiveNumber,
  type SettingsReader,
  wholeNumber,
} from "../runtime/settings.ts";
import { createBudget } from "./budget.ts";
import { createLogtoClient, type LogtoClient } from "./client.ts";
import { type CredentialsSource, parseCredentials } from "./credentials.ts";
import type { SentCall } from "./transport.ts";

/** What a configured client tells of. */
export type ClientEvents = {
  readonly onCall: (call: SentCall) => void;
  /** The secret could not be read anew and the one in memory is used. */
  readonly onStaleSecret: (error: unknown) => void;
};

export type ConfiguredLogto = {
  readonly logto: LogtoClient;
  readonly credentials: CredentialsSource;
};

/**
 * The Logto client as the function's settings describe it: credentials from Secrets Manager, and
 * this container's part of the tenant's budget.
 *
 * Settings: `LOGTO_SECRET_ID`; `LOGTO_SECRET_TTL`, an ISO 8601 duration; and those of `limitedLogto`.
 *
 * The defaults are for Logto Cloud: 200 requests at once, then 20 in a second. The burst stays below it,
 * for a request may take half a second longer to arrive than one that follows it.
 *
 * @throws SettingsError
 */
export function configuredLogto(settings: SettingsReader, events: ClientEvents): ConfiguredLogto {
  const secretId = settings.required(
    "LOGTO_SECRET_ID",
    anyText("the name or ARN of the secret with Logto's endpoint, appId and appSecret"),
  );
  const credentials = cachedSecret({
    // Loaded when first needed: importing the AWS SDK is the larger part of a cold start.
    read: async () => {
      const { readSecretText } = await import("../runtime/secrets-manager.ts");
      return readSecretText(secretId);
    },
    parse: parseCredentials,
    ttlMs: settings.optional("LOGTO_SECRET_TTL", durationSeconds, 300) * 1000,
    onStale: events.onStaleSecret,
  });
  return { logto: limitedLogto(settings, credentials, events.onCall), credentials };
}

/**
 * A Logto client within the limits that the settings give.
 *
 * Settings: `LOGTO_REQUESTS_PER_SECOND`, `LOGTO_REQUEST_BURST` and `LOGTO_EMAIL_CREATES_IN_FLIGHT`
 * for all containers together, divided by `MAXIMUM_CONCURRENCY`; `LOGTO_TIMEOUT` and
 * `LOGTO_EMAIL_TIMEOUT`, ISO 8601 durations.
 *
 * @throws SettingsError
 */
export function limitedLogto(
  settings: SettingsReader,
  credentials: CredentialsSource,
  onCall?: (call: SentCall) => void,
): LogtoClient {
  const containers = settings.optional("MAXIMUM_CONCURRENCY", wholeNumber(1), 1);
  const share = (total: number): number => Math.max(1, Math.floor(total / containers));
  return createLogtoClient({
    credentials,
    budget: createBudget({
      requestsPerSecond:
        settings.optional("LOGTO_REQUESTS_PER_SECOND", positiveNumber, 20) / containers,
      burst: share(settings.optional("LOGTO_REQUEST_BURST", wholeNumber(1), 190)),
      emailCreatesInFlight: share(
        settings.optional("LOGTO_EMAIL_CREATES_IN_FLIGHT", wholeNumber(1), 16),
      ),
    }),
    timeoutMs: settings.optional("LOGTO_TIMEOUT", durationSeconds, 10) * 1000,
    emailTimeoutMs: settings.optional("LOGTO_EMAIL_TIMEOUT", durationSeconds, 30) * 1000,
    ...(onCall === undefined ? {} : { onCall }),
  });
}

import { createBudget } from "../../../lib/logto/budget.ts";
import { createLogtoClient, type LogtoClient } from "../../../lib/logto/client.ts";
import {
  type Credentials,
  fixedCredentials,
  parseCredentials,
} from "../../../lib/logto/credentials.ts";
import type { TransportOptions } from "../../../lib/logto/transport.ts";
import type { LogtoStandIn } from "../../../local/logto/server.ts";

/** The text of a secret that opens the stand-in. */
export const secretOf = (logto: LogtoStandIn, appSecret = logto.app.secret): string =>
  JSON.stringify({
    endpoint: logto.endpoint,
    appId: logto.app.id,
    appSecret,
    resource: logto.resource,
  });

export const credentialsOf = (logto: LogtoStandIn): Credentials =>
  parseCredentials(secretOf(logto));

/** A client of the stand-in with a budget that no test reaches, unless told otherwise. */
export const testClient = (
  logto: LogtoStandIn,
  options: Partial<TransportOptions> = {},
): LogtoClient => clientWith(credentialsOf(logto), options);

/** The same for whatever answers under these credentials. */
export const clientWith = (
  credentials: Credentials,
  options: Partial<TransportOptions> = {},
): LogtoClient =>
  createLogtoClient({
    credentials: fixedCredentials(credentials),
    budget: createBudget({ requestsPerSecond: 10_000, burst: 10_000, emailCreatesInFlight: 16 }),
    timeoutMs: 10_000,
    emailTimeoutMs: 10_000,
    ...options,
  });

import { createBudget } from "../../lib/logto/budget.ts";
import { createLogtoClient, type LogtoClient } from "../../lib/logto/client.ts";
import { fixedCredentials } from "../../lib/logto/credentials.ts";

/** This project's client of a server that takes any credentials. */
export const clientOf = (endpoint: string): LogtoClient =>
  createLogtoClient({
    credentials: fixedCredentials({
      endpoint,
      appId: "an-app",
      appSecret: "a-secret",
      resource: "https://default.logto.app/api",
      hashKey: "unused",
    }),
    budget: createBudget({ requestsPerSecond: 20, burst: 200, emailCreatesInFlight: 16 }),
    timeoutMs: 10_000,
    emailTimeoutMs: 10_000,
  });

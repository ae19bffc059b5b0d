import { createBudget } from "../../lib/logto/budget.ts";
import { createLogtoClient } from "../../lib/logto/client.ts";
import { fixedCredentials } from "../../lib/logto/credentials.ts";
import { measure } from "./measured.ts";

/** Goes through the list with this project's client. */
await measure(async (endpoint, take) => {
  const { invitations } = createLogtoClient({
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
  for await (const { id } of invitations.list()) take(id);
});

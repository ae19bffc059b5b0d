import type { Message } from "@aws-sdk/client-sqs";
import type { Seed } from "../../local/logto/seed.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { runInProcess } from "./command-in-process.ts";
import type { CommandResult } from "./command-line.ts";
import { type Queues, startQueues } from "./queues.ts";

export const API = "https://api.example.com";

const seed: Seed = {
  organizations: [
    { id: "acme", name: "Acme" },
    { id: "globex", name: "Globex" },
  ],
  users: [{ id: "ada", primaryEmail: "ada@example.com" }],
  resources: [
    {
      name: "API",
      indicator: API,
      scopes: ["read", "write", "delete"].map((name) => ({ id: `api-${name}`, name })),
    },
  ],
  roles: [
    { id: "role-member", name: "member" },
    { id: "role-reader", name: "reader", resourceScopeIds: ["api-read", "api-write"] },
  ],
};

/** Queues, a tenant, and the command line run in between, all in this process. */
export type CommandWorld = {
  readonly queues: Queues;
  readonly logto: LogtoStandIn;
  readonly environment: Readonly<Record<string, string>>;
  /** One at a time. */
  readonly run: (
    parameters: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<CommandResult>;
  /** What was published meanwhile, taken out of the queue. */
  readonly published: (queue: "invitations" | "role-scopes") => Promise<readonly Message[]>;
  readonly stop: () => Promise<void>;
};

export async function startCommandWorld(): Promise<CommandWorld> {
  const queues = await startQueues();
  const logto = await startLogtoStandIn({ emailDelayMs: 0 });
  logto.seed(seed);
  const urls = {
    invitations: await queues.create("invitations.fifo"),
    "role-scopes": await queues.create("role-scopes.fifo"),
  };
  const environment = {
    ...queues.environment,
    LOGTO_ENDPOINT: logto.endpoint,
    LOGTO_APP_ID: logto.app.id,
    LOGTO_APP_SECRET: logto.app.secret,
    LOGTO_RESOURCE: logto.resource,
    INVITATIONS_QUEUE_URL: urls.invitations,
    INVITATIONS_DEAD_LETTER_QUEUE_URL: await queues.create("invitations-dead-letters.fifo"),
    ROLE_SCOPES_QUEUE_URL: urls["role-scopes"],
    ROLE_SCOPES_DEAD_LETTER_QUEUE_URL: await queues.create("role-scopes-dead-letters.fifo"),
  };
  return {
    queues,
    logto,
    environment,
    run: (parameters, more = {}) => runInProcess(parameters, { ...environment, ...more }),
    published: (queue) => queues.drain(urls[queue]),
    stop: async () => {
      await logto.stop();
      await queues.stop();
    },
  };
}

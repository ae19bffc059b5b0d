import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CallRecorder, type Calls, createCallRecorder } from "./calls.ts";
import { createDatabase, type Database } from "./database.ts";
import { createEmail, type SentEmail } from "./email.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createListener } from "./listener.ts";
import { type Seed, type Seeded, seedState } from "./seed.ts";
import { createState, randomId, type State } from "./state.ts";
import { type App, createTokens } from "./token.ts";

export type LogtoStandInOptions = {
  /** A free port unless told. */
  port?: number;
  /** Epoch milliseconds. Every expiry and every limit follows this clock. */
  now?: () => number;
  app?: App;
  /** The indicator of the Management API. */
  resource?: string;
  tokenLifetimeSeconds?: number;
  /** Whether the tenant has an e-mail connector. */
  emailConnector?: boolean;
  /** How long an e-mail takes; without it, up to 5 ms. */
  emailDelayMs?: number | (() => number);
  /** Logto Cloud's request limit for a tenant, a bucket that fills in `perMs`; without it there is none. */
  requestLimit?: { requests: number; perMs: number };
  databaseConnections?: number;
  /** How long one database query takes. */
  queryDelayMs?: number;
  /** How long a request waits for a database connection before it answers 500. */
  connectionTimeoutMs?: number;
  /** How long a transaction may wait for an e-mail before the database ends it. */
  transactionTimeoutMs?: number;
};

export type LogtoStandIn = {
  /** For example `http://127.0.0.1:3001`. */
  endpoint: string;
  resource: string;
  app: App;
  /** Every e-mail delivered, oldest first. */
  outbox: readonly SentEmail[];
  calls: Calls;
  state: State;
  faults: Faults;
  databaseUsage: Database["usage"];
  seed(seed: Seed): Seeded;
  /** Adds a client secret beside those there are, and returns it. */
  rotateSecret(): string;
  removeSecret(secret: string): void;
  /** Every token issued so far is refused from now on. */
  revokeTokens(): void;
  stop(): Promise<void>;
};

/** Starts a loopback HTTP server that answers as Logto's token endpoint and Management API do. */
export async function startLogtoStandIn(options: LogtoStandInOptions = {}): Promise<LogtoStandIn> {
  const now = options.now ?? Date.now;
  const resource = options.resource ?? "https://default.logto.app/api";
  const app = options.app ?? { id: randomId(21), secret: randomId(32) };
  const { emailDelayMs = () => Math.random() * 5 } = options;

  const state = createState(resource, now());
  const faults = createFaults();
  const calls: CallRecorder = createCallRecorder();
  const database = createDatabase({
    connections: options.databaseConnections ?? 20,
    connectionTimeoutMs: options.connectionTimeoutMs ?? 10_000,
    queryDelayMs: options.queryDelayMs ?? 0,
    transactionTimeoutMs: options.transactionTimeoutMs ?? 60_000,
  });
  const email = createEmail({
    connector: options.emailConnector ?? true,
    delayMs: typeof emailDelayMs === "number" ? () => emailDelayMs : emailDelayMs,
    now,
    database,
    faults,
  });
  const tokens = createTokens({
    app,
    resource,
    lifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    now,
    state,
    faults,
  });

  const server = createServer(
    createListener({
      logto: { state, database, email, now },
      tokens,
      faults,
      calls,
      requestLimit: options.requestLimit,
    }),
  );
  // Logto's own server closes an idle connection after 5 s, without grace.
  server.keepAliveTimeout = 5000;
  server.keepAliveTimeoutBuffer = 0;
  const port = await listen(server, options.port ?? 0);

  return {
    endpoint: `http://127.0.0.1:${port}`,
    resource,
    app,
    outbox: email.outbox,
    calls,
    state,
    faults,
    databaseUsage: database.usage,
    seed: (seed) => seedState(seed, state, now()),
    rotateSecret: tokens.rotateSecret,
    removeSecret: tokens.removeSecret,
    revokeTokens: tokens.revokeTokens,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === "string") {
        reject(new Error("The stand-in for Logto did not get a port."));
      } else {
        resolve(address.port);
      }
    });
  });
}

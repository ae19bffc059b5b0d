import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type Container, startContainer } from "../../local/aws/container.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { createEvent, type Json } from "../support/events.ts";
import { invocationLog } from "../support/invocation-log.ts";
import { type Queues, startQueues } from "../support/queues.ts";

/** A metric with its dimensions, as CloudWatch tells it from others. */
export type MetricIdentity = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

/** Two of the same have the same text. */
export const metricKey = ({ namespace, name, dimensions }: MetricIdentity): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).toSorted()]);

const SECRET_ID = "tests/logto";

const EVENTS: Readonly<Record<string, Json>> = {
  invitations: createEvent(),
  "role-scopes": {
    ...createEvent(),
    type: "onboarding.role-scopes.sync",
    data: { role: "nobody", scopes: [] },
  },
};

/**
 * What the functions emit, from the logs of real runs: while the secret cannot be read, with a token
 * without the scope, with a client that Logto refuses, while Logto fails, and once all is well.
 */
export async function emittedMetrics(namespace: string): Promise<readonly MetricIdentity[]> {
  const queues = await startQueues();
  const logto = await startLogtoStandIn({ emailDelayMs: 0 });
  const directory = await mkdtemp(join(tmpdir(), "onboarding-metrics-"));
  const log = invocationLog();
  try {
    await putSecret(queues, logto);
    const own = {
      ...queues.environment,
      AWS_MAX_ATTEMPTS: "1",
      LOGTO_SECRET_ID: SECRET_ID,
      POWERTOOLS_METRICS_NAMESPACE: namespace,
    };
    const container = (name: string, environment: Readonly<Record<string, string>> = {}) =>
      startContainer({
        handler: `functions/${name}.handler`,
        environment: { ...own, ...environment },
        timeoutSeconds: 45,
        onLine: log.onLine,
      });
    const reconciling = reconcileWithMuchToTell(queues, logto, directory, container);
    const containers = Object.keys(EVENTS).map((name) => container(name));
    const invokeAll = () =>
      Promise.all(containers.map((one, index) => one.invoke(Object.values(EVENTS)[index])));
    await reconciling;
    queues.standIn.secretsManager.unavailable = true;
    await invokeAll();
    queues.standIn.secretsManager.unavailable = false;
    const withoutScope = logto.faults.add({ on: "*", action: { kind: "tokenWithoutScope" } });
    await invokeAll();
    withoutScope();
    const refused = logto.faults.add({ on: "POST /oidc/token", action: REFUSAL });
    await invokeAll();
    refused();
    const failing = logto.faults.add({ on: "*", action: FAILURE });
    await invokeAll();
    failing();
    await invokeAll();
    // Then everything they wrote is here.
    await Promise.all(containers.map((one) => one.stop()));
  } finally {
    await logto.stop();
    await queues.stop();
    await rm(directory, { recursive: true });
  }
  return log.metrics().flatMap(identitiesOf);
}

const API = "https://api.example";
const HOUR_MS = 3_600_000;
const LATE_MS = HOUR_MS / 6;

/** A run that comes late for its reminders, and is to take away all that a role holds. */
async function reconcileWithMuchToTell(
  queues: Queues,
  logto: LogtoStandIn,
  directory: string,
  container: (name: string, environment: Readonly<Record<string, string>>) => Container,
): Promise<void> {
  const scheduledAt = Date.now() - LATE_MS;
  const scopes = ["a", "b", "c", "d"].map((id) => ({ id, name: id }));
  logto.seed({
    organizations: [{ id: "acme", name: "Acme" }],
    resources: [{ name: "API", indicator: API, scopes }],
    roles: [{ name: "member", resourceScopeIds: scopes.map(({ id }) => id) }],
    invitations: [
      {
        organizationId: "acme",
        invitee: "grace@example.com",
        createdAt: scheduledAt - 1.5 * HOUR_MS,
        expiresAt: scheduledAt + 24 * HOUR_MS,
      },
    ],
  });
  const declaration = join(directory, "role-scopes.yml");
  await writeFile(declaration, `roles: { member: { prune: true, "${API}": [] } }`);
  const reconcile = container("reconcile", {
    INVITATIONS_QUEUE_URL: await queues.create("invitations.fifo"),
    ROLE_SCOPES_QUEUE_URL: await queues.create("role-scopes.fifo"),
    INVITATION_REMIND_AFTER: "PT1H",
    ROLE_SCOPES_FILE: declaration,
  });
  await reconcile.invoke({ scheduledTime: new Date(scheduledAt).toISOString() });
  await reconcile.stop();
}

/** Not one of those that are repeated in place, which takes time. */
const FAILURE = { kind: "answer", status: 500, body: "Internal Server Error" } as const;

const REFUSAL = { kind: "answer", status: 401, body: { code: "oidc.invalid_client" } } as const;

async function putSecret({ standIn }: Queues, { endpoint, app }: LogtoStandIn): Promise<void> {
  const clients = createAwsClients(standIn);
  const secret = { endpoint, appId: app.id, appSecret: app.secret };
  await clients.secretsManager.send(
    new CreateSecretCommand({ Name: SECRET_ID, SecretString: JSON.stringify(secret) }),
  );
  clients.destroy();
}

const embeddedMetrics = v.looseObject({
  _aws: v.object({
    CloudWatchMetrics: v.array(
      v.object({
        Namespace: v.string(),
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.object({ Name: v.string() })),
      }),
    ),
  }),
});

function identitiesOf(line: unknown): readonly MetricIdentity[] {
  const parsed = v.parse(embeddedMetrics, line);
  return parsed._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name: name }) =>
      Dimensions.map((names) => ({
        namespace,
        name,
        dimensions: Object.fromEntries(
          names.map((dimension) => [dimension, String(parsed[dimension])]),
        ),
      })),
    ),
  );
}

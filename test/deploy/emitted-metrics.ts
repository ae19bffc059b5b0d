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
 * What the queue functions emit, from the log of a real run: while the secret cannot be read, with a token
 * without the scope, with a client that Logto refuses, and once all is well.
 */
export async function emittedMetrics(namespace: string): Promise<readonly MetricIdentity[]> {
  const queues = await startQueues();
  const logto = await startLogtoStandIn({ emailDelayMs: 0 });
  logto.seed({ organizations: [{ id: "acme", name: "Acme" }] });
  const log = invocationLog();
  try {
    await putSecret(queues, logto);
    const containers = Object.keys(EVENTS).map((name) =>
      startContainer({
        handler: `functions/${name}.handler`,
        environment: {
          ...queues.environment,
          AWS_MAX_ATTEMPTS: "1",
          LOGTO_SECRET_ID: SECRET_ID,
          POWERTOOLS_METRICS_NAMESPACE: namespace,
        },
        timeoutSeconds: 45,
        onLine: log.onLine,
      }),
    );
    const invokeAll = () =>
      Promise.all(
        containers.map((container, index) =>
          container.invoke(Object.values(EVENTS)[index], { deadlineMs: Date.now() + 45_000 }),
        ),
      );
    queues.standIn.secretsManager.unavailable = true;
    await invokeAll();
    queues.standIn.secretsManager.unavailable = false;
    const withoutScope = logto.faults.add({ on: "*", action: { kind: "tokenWithoutScope" } });
    await invokeAll();
    withoutScope();
    const refused = logto.faults.add({ on: "POST /oidc/token", action: REFUSAL });
    await invokeAll();
    refused();
    await invokeAll();
    // Then everything they wrote is here.
    await Promise.all(containers.map((container: Container) => container.stop()));
  } finally {
    await logto.stop();
    await queues.stop();
  }
  return log.metrics().flatMap(identitiesOf);
}

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

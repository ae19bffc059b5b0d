import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";

export interface AwsClients {
  sqs: SQSClient;
  secretsManager: SecretsManagerClient;
  /** Closes the idle connections. */
  destroy(): void;
}

/**
 * The real SDK clients.
 *
 * @param standIn the endpoint of `startAwsStandIn()`; left out, the SDK finds endpoint, region and
 *   credentials itself, from the environment and the user's configuration
 */
export function createAwsClients(standIn?: { endpoint: string; region: string }): AwsClients {
  const config = standIn
    ? {
        endpoint: standIn.endpoint,
        region: standIn.region,
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      }
    : {};
  const sqs = new SQSClient(config);
  const secretsManager = new SecretsManagerClient(config);
  const destroy = () => {
    sqs.destroy();
    secretsManager.destroy();
  };
  return { sqs, secretsManager, destroy };
}

import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SecretUnavailableError } from "./secret.ts";

/**
 * Reads a secret's text from AWS Secrets Manager.
 *
 * Source: GetSecretValue.
 *
 * @param secretId name or ARN.
 * @param versionStage staging label of the value; the current one's when left out.
 * @throws SecretUnavailableError saying what to check.
 */
export async function readSecretText(secretId: string, versionStage?: string): Promise<string> {
  const client = new SecretsManagerClient({});
  try {
    const { SecretString } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId, VersionStage: versionStage }),
    );
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown error";
    // AWS has the same error for a secret that is not there and one that nothing was put into yet.
    if (error instanceof Error && error.message.includes("staging label")) {
      throw new SecretUnavailableError(
        versionStage === undefined
          ? `the secret ${secretId} ${HOLDS_NOTHING}`
          : `the secret ${secretId} has no version ${versionStage}: put one in first, with ` +
              `aws secretsmanager put-secret-value --version-stages ${versionStage}.`,
      );
    }
    throw new SecretUnavailableError(
      `the secret ${secretId} cannot be read (${name}): check that it exists, that the function may ` +
        "read it and that Secrets Manager answers.",
      { cause: error },
    );
  } finally {
    client.destroy();
  }
  throw new SecretUnavailableError(`the secret ${secretId} ${HOLDS_NOTHING}`);
}

const HOLDS_NOTHING = "holds no text: put Logto's credentials into it as JSON.";

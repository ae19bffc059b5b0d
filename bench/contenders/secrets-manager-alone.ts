import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const client = new SecretsManagerClient({});

/** A function that has nothing but the client it needs to read its secret. */
export const handler = async (): Promise<string | undefined> =>
  (await client.send(new GetSecretValueCommand({ SecretId: process.env["LOGTO_SECRET_ID"] })))
    .SecretString;

import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import type { LogtoStandIn } from "../../local/logto/server.ts";
import { onboarding } from "../support/command-line.ts";
import { awsEnvironment } from "../support/queues.ts";

/** The steps of docs/rotating-the-secret.md. */
export type Rotation = {
  /** A second client secret at Logto, put into the secret beside the current value, and checked. */
  readonly prepare: () => Promise<void>;
  /** The new value becomes the current one. */
  readonly promote: () => Promise<void>;
  /**
   * The old client secret is deleted at Logto, and every token with it: harder than Logto is, whose
   * tokens live on.
   */
  readonly deleteOld: () => void;
  /** Checks the current value. */
  readonly check: () => Promise<void>;
};

/**
 * @param parts where the secret is and whose credentials are in it.
 */
export function rotationOf(parts: {
  readonly logto: LogtoStandIn;
  readonly secretsManager: SecretsManagerClient;
  readonly awsEndpoint: string;
  readonly secretId: string;
}): Rotation {
  const { logto, secretsManager, secretId: SecretId } = parts;
  let oldVersion = "";
  let newVersion = "";

  const check = async (options: readonly string[] = []): Promise<void> => {
    const environment = { ...awsEnvironment(parts.awsEndpoint), LOGTO_SECRET_ID: SecretId };
    const { code, stderr } = await onboarding(["secret", "check", ...options], { environment });
    if (code !== 0) throw new Error(`The secret was found wanting: ${stderr}`);
  };
  return {
    prepare: async () => {
      const current = v.parse(
        version,
        await secretsManager.send(new GetSecretValueCommand({ SecretId })),
      );
      oldVersion = current.VersionId;
      const renewed = { ...current.SecretString, appSecret: logto.rotateSecret() };
      const put = await secretsManager.send(
        new PutSecretValueCommand({
          SecretId,
          SecretString: JSON.stringify(renewed),
          VersionStages: ["AWSPENDING"],
        }),
      );
      newVersion = put.VersionId ?? "";
      await check(["--pending"]);
    },
    promote: async () => {
      await secretsManager.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: "AWSCURRENT",
          RemoveFromVersionId: oldVersion,
          MoveToVersionId: newVersion,
        }),
      );
    },
    deleteOld: () => {
      logto.removeSecret(logto.app.secret);
      logto.revokeTokens();
    },
    check,
  };
}

const version = v.object({
  VersionId: v.string(),
  SecretString: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
});

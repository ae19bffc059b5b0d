import { randomBytes, randomUUID } from "node:crypto";
import {
  failures,
  parseRequest,
  requests,
  SecretsManagerError,
} from "./secrets-manager-requests.ts";

export interface SecretsManagerStandIn {
  /** How often each operation was asked for, failed calls included. */
  readonly calls: Record<string, number>;
  /** `true`: every call answers 500 InternalServiceError. `"drop"`: the connection is closed. */
  unavailable: boolean | "drop";
  /** Carries out one operation on its JSON body, given as the bytes received. */
  handle(operation: string, body: unknown): { statusCode: number; body: object };
}

interface SecretValue {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}

interface Version {
  id: string;
  value: SecretValue;
  createdAtMs: number;
}

interface Secret {
  name: string;
  arn: string;
  description: string | undefined;
  createdAtMs: number;
  changedAtMs: number;
  deletionAtMs: number | undefined;
  versions: Map<string, Version>;
  /** staging label → version id: a label is on one version at a time. */
  stages: Map<string, string>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Secrets Manager in memory: values, versions and staging labels, with the errors AWS gives.
 * Source: the AWS Secrets Manager API Reference, one page per operation.
 */
export function createSecretsManager({ region }: { region: string }): SecretsManagerStandIn {
  const secrets = new Map<string, Secret>();
  const operations = createOperations(secrets, region);
  const calls: Record<string, number> = {};
  const standIn: SecretsManagerStandIn = { calls, unavailable: false, handle };
  return standIn;

  function handle(operation: string, body: unknown) {
    calls[operation] = (calls[operation] ?? 0) + 1;
    try {
      if (standIn.unavailable) throw failures.internal();
      const carryOut = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!carryOut) throw failures.unknownOperation(operation);
      return { statusCode: 200, body: carryOut(body) };
    } catch (error) {
      if (!(error instanceof SecretsManagerError)) throw error;
      const { statusCode, code, message } = error;
      return { statusCode, body: { __type: code, message, Message: message } };
    }
  }
}

function createOperations(
  secrets: Map<string, Secret>,
  region: string,
): Record<string, (body: unknown) => object> {
  return {
    CreateSecret(body) {
      const request = parseRequest(requests.CreateSecret, body);
      const { Name: name, Description: description } = request;
      const versionId = request.ClientRequestToken ?? randomUUID();
      const existing = secrets.get(name);
      if (existing?.deletionAtMs !== undefined) throw failures.scheduledForDeletion();
      if (existing && !sameValue(existing.versions.get(versionId)?.value, request)) {
        throw failures.secretExists(name);
      }
      const secret = existing ?? newSecret(name, description, region);
      secrets.set(name, secret);
      const hasValue = request.SecretString !== undefined || request.SecretBinary !== undefined;
      if (hasValue && !existing) addVersion(secret, versionId, request, ["AWSCURRENT"]);
      return { ...identity(secret), ...(hasValue && { VersionId: versionId }) };
    },

    GetSecretValue(body) {
      const request = parseRequest(requests.GetSecretValue, body);
      const secret = findUsable(secrets, request.SecretId);
      const stage = request.VersionStage ?? "AWSCURRENT";
      const staged = secret.stages.get(stage);
      if (request.VersionId !== undefined && request.VersionStage !== undefined) {
        if (staged !== request.VersionId) throw failures.stageNotOnVersion();
      }
      const version = secret.versions.get(request.VersionId ?? staged ?? "");
      if (!version) {
        throw request.VersionId === undefined
          ? failures.valueNotFound(`staging label: ${stage}`)
          : failures.valueNotFound(`VersionId: ${request.VersionId}`);
      }
      return {
        ...identity(secret),
        ...version.value,
        VersionId: version.id,
        VersionStages: stagesOf(secret, version.id),
        CreatedDate: seconds(version.createdAtMs),
      };
    },

    PutSecretValue(body) {
      const request = parseRequest(requests.PutSecretValue, body);
      const secret = findUsable(secrets, request.SecretId);
      const versionId = request.ClientRequestToken ?? randomUUID();
      const existing = secret.versions.get(versionId);
      if (existing && !sameValue(existing.value, request)) {
        throw failures.versionExists(versionId, secret.name);
      }
      // The same token with the same value is a repeated call: labels may have moved on since.
      if (!existing) addVersion(secret, versionId, request, request.VersionStages);
      return {
        ...identity(secret),
        VersionId: versionId,
        VersionStages: stagesOf(secret, versionId),
      };
    },

    UpdateSecretVersionStage(body) {
      const request = parseRequest(requests.UpdateSecretVersionStage, body);
      const secret = findUsable(secrets, request.SecretId);
      const { VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to } = request;
      const holder = secret.stages.get(stage);
      if (to !== undefined && !secret.versions.has(to)) {
        throw failures.valueNotFound(`VersionId: ${to}`);
      }
      if (from !== holder && !(holder === to && from === undefined)) {
        throw failures.stageHeldBy(stage, holder);
      }
      if (to !== undefined) moveStage(secret, stage, to);
      else secret.stages.delete(stage);
      secret.changedAtMs = Date.now();
      return identity(secret);
    },

    DescribeSecret(body) {
      const request = parseRequest(requests.DescribeSecret, body);
      const secret = find(secrets, request.SecretId);
      const staged = [...secret.versions.keys()]
        .map((id) => [id, stagesOf(secret, id)] as const)
        .filter(([, stages]) => stages.length > 0);
      return {
        ...identity(secret),
        Description: secret.description,
        CreatedDate: seconds(secret.createdAtMs),
        LastChangedDate: seconds(secret.changedAtMs),
        ...(secret.deletionAtMs !== undefined && { DeletedDate: seconds(secret.deletionAtMs) }),
        VersionIdsToStages: Object.fromEntries(staged),
      };
    },

    DeleteSecret(body) {
      const request = parseRequest(requests.DeleteSecret, body);
      const { SecretId: id, ForceDeleteWithoutRecovery: force } = request;
      if (force && request.RecoveryWindowInDays !== undefined) throw failures.deleteTwoWays();
      const now = Date.now();
      if (force) {
        const secret = lookUp(secrets, id);
        if (secret) secrets.delete(secret.name);
        const { ARN, Name } = secret ? identity(secret) : { ARN: id, Name: id };
        return { ARN, Name, DeletionDate: seconds(now) };
      }
      const secret = findUsable(secrets, id);
      secret.deletionAtMs = now + (request.RecoveryWindowInDays ?? 30) * DAY_MS;
      return { ...identity(secret), DeletionDate: seconds(secret.deletionAtMs) };
    },
  };
}

function newSecret(name: string, description: string | undefined, region: string): Secret {
  // AWS adds six random characters, so a secret made again under its old name has another ARN.
  const suffix = randomBytes(3).toString("hex");
  const now = Date.now();
  return {
    name,
    arn: `arn:aws:secretsmanager:${region}:000000000000:secret:${name}-${suffix}`,
    description,
    createdAtMs: now,
    changedAtMs: now,
    deletionAtMs: undefined,
    versions: new Map(),
    stages: new Map(),
  };
}

function addVersion(secret: Secret, id: string, value: SecretValue, stages: string[]): void {
  const { SecretString, SecretBinary } = value;
  const now = Date.now();
  secret.versions.set(id, { id, value: { SecretString, SecretBinary }, createdAtMs: now });
  secret.changedAtMs = now;
  for (const stage of stages) moveStage(secret, stage, id);
}

function moveStage(secret: Secret, stage: string, versionId: string): void {
  const previous = secret.stages.get(stage);
  if (stage === "AWSCURRENT" && previous !== undefined && previous !== versionId) {
    secret.stages.set("AWSPREVIOUS", previous);
  }
  secret.stages.set(stage, versionId);
}

function stagesOf(secret: Secret, versionId: string): string[] {
  return [...secret.stages].filter(([, id]) => id === versionId).map(([stage]) => stage);
}

/** By name, ARN, or ARN without its random end. */
function lookUp(secrets: Map<string, Secret>, id: string): Secret | undefined {
  const byArn = (secret: Secret) => secret.arn === id || secret.arn.slice(0, -7) === id;
  return secrets.get(id) ?? [...secrets.values()].find(byArn);
}

function find(secrets: Map<string, Secret>, id: string): Secret {
  const secret = lookUp(secrets, id);
  if (!secret) throw failures.secretNotFound();
  return secret;
}

function findUsable(secrets: Map<string, Secret>, id: string): Secret {
  const secret = find(secrets, id);
  if (secret.deletionAtMs !== undefined) throw failures.markedForDeletion();
  return secret;
}

function identity(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

function sameValue(one: SecretValue | undefined, other: SecretValue): boolean {
  return (
    one !== undefined &&
    one.SecretString === other.SecretString &&
    one.SecretBinary === other.SecretBinary
  );
}

function seconds(timeMs: number): number {
  return timeMs / 1000;
}

import { createHash } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import * as v from "valibot";
import type { AwsClients } from "./clients.ts";
import {
  conditionHolds,
  type IntrinsicScope,
  resolveIntrinsics,
  UnresolvedReferenceError,
} from "./intrinsics.ts";
import type { CloudFormationResource, ServerlessConfig } from "./serverless-config.ts";
import { createTemplateScope, type Queue, type Secret } from "./template-scope.ts";

export type { Queue, Secret };

export interface Resources {
  /** By logical id. */
  queues: ReadonlyMap<string, Queue>;
  /** By logical id. */
  secrets: ReadonlyMap<string, Secret>;
  /** @throws {Error} when no queue has this logical id */
  queue(logicalId: string): Queue;
  /** @throws {Error} when no secret has this logical id */
  secret(logicalId: string): Secret;
  /**
   * A value of the template with its intrinsic functions replaced, as a string.
   * @throws {UnresolvedReferenceError} for what does not exist locally, such as an SNS topic
   */
  resolve(value: unknown): string;
  /** The same, but `undefined` for what does not exist locally. */
  resolve(value: unknown, options: { optional: boolean }): string | undefined;
  /** A function's environment; variables that refer to nothing local are left out. */
  resolveEnvironment(environment: Record<string, unknown>): Record<string, string>;
  /** Deletes every queue and secret made here. Running it twice does no harm. */
  remove(): Promise<void>;
}

/** CreateQueue takes these; the policies follow once every queue has an ARN to be named by. */
const PLAIN_ATTRIBUTES = [
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
] as const;
const POLICY_ATTRIBUTES = ["RedrivePolicy", "RedriveAllowPolicy"] as const;
const QUEUE_NAME_LENGTH = 80;

/**
 * Creates the queues, queue policies and secrets of a template, as declared, through the SDK.
 * A queue that is there already is never touched, let alone deleted: it is an error.
 *
 * @param prefix put before every name, so that several stacks can share one endpoint
 * @param secretValues by logical id
 * @throws {Error} after deleting again what was made
 */
export async function createResources(options: {
  config: ServerlessConfig;
  clients: Pick<AwsClients, "sqs" | "secretsManager">;
  secretValues: Record<string, string>;
  prefix?: string;
}): Promise<Resources> {
  const { config, clients, secretValues, prefix = "" } = options;
  const { sqs, secretsManager } = clients;
  const queues = new Map<string, Queue>();
  const secrets = new Map<string, Secret>();
  /** The name that each queue has here, by its name in the template. */
  const queueNames = new Map<string, string>();
  const region = await sqs.config.region();
  const scope = createTemplateScope({ config, queues, secrets, region });
  const declared = Object.entries(config.resources.Resources).filter(
    ([, { Condition: condition }]) => condition === undefined || conditionHolds(condition, scope),
  );

  try {
    for (const [logicalId, resource] of ofType(declared, "AWS::SQS::Queue")) {
      queues.set(logicalId, await createQueue(logicalId, resource.Properties));
    }
    for (const [logicalId, { Properties: properties }] of ofType(declared, "AWS::SQS::Queue")) {
      const { RedriveAllowPolicy: allow, ...others } = pick(properties, POLICY_ATTRIBUTES);
      await setAttributes(queue(logicalId).url, {
        ...others,
        ...(allow === undefined ? {} : { RedriveAllowPolicy: allowingActualNames(allow) }),
      });
    }
    for (const [, { Properties: properties }] of ofType(declared, "AWS::SQS::QueuePolicy")) {
      const policy = v.parse(queuePolicySchema, resolveIntrinsics(properties, scope));
      for (const url of policy.Queues) await setAttributes(url, { Policy: policy.PolicyDocument });
    }
    for (const [logicalId, resource] of ofType(declared, "AWS::SecretsManager::Secret")) {
      secrets.set(logicalId, await createSecret(logicalId, resource.Properties));
    }
  } catch (error) {
    await remove().catch((leftOver: unknown) => {
      throw new AggregateError([error, leftOver], `${error}; and after that: ${leftOver}`);
    });
    throw error;
  }
  return { queues, secrets, queue, secret, resolve, resolveEnvironment, remove };

  async function createQueue(
    logicalId: string,
    properties: Record<string, unknown>,
  ): Promise<Queue> {
    const attributes = toAttributes(pick(properties, PLAIN_ATTRIBUTES), scope);
    // CloudFormation takes `false` here; SQS itself only knows the attribute as "true".
    if (attributes["FifoQueue"] === "false") delete attributes["FifoQueue"];
    const declaredName = resolveIntrinsics(properties["QueueName"], scope);
    const name = queueName(prefix, String(declaredName ?? logicalId), "FifoQueue" in attributes);
    queueNames.set(String(declaredName ?? logicalId), name);
    if (await queueExists(name)) {
      throw new Error(`The queue ${name} exists already: delete it or choose another prefix.`);
    }
    const created = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    const { QueueUrl: url } = v.parse(v.object({ QueueUrl: v.string() }), created);
    // Noted before anything else can fail, or remove() would not know of it.
    queues.set(logicalId, { url, arn: "", name });
    const answer = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
    );
    return { url, arn: v.parse(queueArnSchema, answer).Attributes.QueueArn, name };
  }

  async function queueExists(name: string): Promise<boolean> {
    try {
      await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      return true;
    } catch (error) {
      if (error instanceof QueueDoesNotExist) return false;
      throw error;
    }
  }

  async function setAttributes(url: string, declaredValues: Record<string, unknown>) {
    const attributes = toAttributes(declaredValues, scope);
    if (Object.keys(attributes).length === 0) return;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
  }

  /** Queues that name each other cannot both refer: the template then spells an ARN out. */
  function allowingActualNames(allowPolicy: unknown): unknown {
    const policy = v.parse(redriveAllowPolicySchema, resolveIntrinsics(allowPolicy, scope));
    const sourceQueueArns = policy.sourceQueueArns?.map((arn) => {
      const [, account = "", declared = ""] = /^(.*:)([^:]+)$/.exec(arn) ?? [];
      return account + (queueNames.get(declared) ?? declared);
    });
    return { ...policy, ...(sourceQueueArns === undefined ? {} : { sourceQueueArns }) };
  }

  async function createSecret(
    logicalId: string,
    properties: Record<string, unknown>,
  ): Promise<Secret> {
    const value = secretValues[logicalId];
    if (value === undefined) {
      throw new Error(`The secret ${logicalId} has no value: give one in secretValues.`);
    }
    const name = prefix + String(resolveIntrinsics(properties["Name"], scope) ?? logicalId);
    const created = await secretsManager.send(
      new CreateSecretCommand({ Name: name, SecretString: value }),
    );
    return { arn: v.parse(v.object({ ARN: v.string() }), created).ARN, name };
  }

  function queue(logicalId: string): Queue {
    const found = queues.get(logicalId);
    if (!found) throw new Error(`The template declares no queue ${logicalId}.`);
    return found;
  }

  function secret(logicalId: string): Secret {
    const found = secrets.get(logicalId);
    if (!found) throw new Error(`The template declares no secret ${logicalId}.`);
    return found;
  }

  function resolve(value: unknown): string;
  function resolve(value: unknown, options: { optional: boolean }): string | undefined;
  function resolve(value: unknown, { optional = false } = {}): string | undefined {
    try {
      const resolved = resolveIntrinsics(value, scope);
      return resolved === undefined && optional ? undefined : v.parse(scalarSchema, resolved);
    } catch (error) {
      if (optional && error instanceof UnresolvedReferenceError) return undefined;
      throw error;
    }
  }

  function resolveEnvironment(environment: Record<string, unknown>): Record<string, string> {
    const resolved: Record<string, string> = {};
    for (const [name, value] of Object.entries(environment)) {
      const text = resolve(value, { optional: true });
      if (text !== undefined) resolved[name] = text;
    }
    return resolved;
  }

  async function remove(): Promise<void> {
    const deletions = [
      ...[...queues].map(async ([logicalId, { url }]) => {
        await sqs.send(new DeleteQueueCommand({ QueueUrl: url })).catch(unlessGone);
        queues.delete(logicalId);
      }),
      ...[...secrets].map(async ([logicalId, { arn }]) => {
        const command = new DeleteSecretCommand({
          SecretId: arn,
          ForceDeleteWithoutRecovery: true,
        });
        await secretsManager.send(command).catch(unlessGone);
        secrets.delete(logicalId);
      }),
    ];
    await Promise.allSettled(deletions);
    const left = [...queues.values(), ...secrets.values()].map(({ name }) => name);
    if (left.length > 0) throw new Error(`Could not delete ${left.join(", ")}.`);
  }
}

function toAttributes(
  declared: Record<string, unknown>,
  scope: IntrinsicScope,
): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(declared)) {
    const resolved = resolveIntrinsics(value, scope);
    if (resolved === undefined) continue;
    attributes[name] = typeof resolved === "object" ? JSON.stringify(resolved) : String(resolved);
  }
  return attributes;
}

/** Too long a name keeps its beginning and gets a hash, so that two of them stay apart. */
function queueName(prefix: string, declared: string, isFifo: boolean): string {
  const suffix = isFifo ? ".fifo" : "";
  const base =
    prefix +
    (declared.endsWith(suffix) ? declared.slice(0, -suffix.length || undefined) : declared);
  const room = QUEUE_NAME_LENGTH - suffix.length;
  if (base.length <= room) return base + suffix;
  const hash = createHash("sha256").update(base).digest("hex").slice(0, 8);
  return `${base.slice(0, room - hash.length - 1)}-${hash}${suffix}`;
}

function ofType(declared: [string, CloudFormationResource][], type: string) {
  return declared.filter(([, resource]) => resource.Type === type);
}

function pick(properties: Record<string, unknown>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

function unlessGone(error: unknown): void {
  if (error instanceof QueueDoesNotExist || error instanceof ResourceNotFoundException) return;
  throw error;
}

const queueArnSchema = v.object({ Attributes: v.object({ QueueArn: v.string() }) });
const redriveAllowPolicySchema = v.looseObject({
  sourceQueueArns: v.optional(v.array(v.string())),
});
const queuePolicySchema = v.object({
  Queues: v.array(v.string()),
  PolicyDocument: v.record(v.string(), v.unknown()),
});
const scalarSchema = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

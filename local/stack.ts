import { randomBytes } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { type AwsClients, createAwsClients } from "./aws/clients.ts";
import { startContainer } from "./aws/container.ts";
import { type EventSourceMapping, startEventSourceMapping } from "./aws/event-source-mapping.ts";
import { createResources, type Resources } from "./aws/resources.ts";
import { type AwsStandIn, startAwsStandIn } from "./aws/server.ts";
import { readServerlessConfig, type ServerlessConfig } from "./aws/serverless-config.ts";
import type { Queue } from "./aws/template-scope.ts";
import { type LogtoTarget, openLogto } from "./logto-target.ts";
import { portOf } from "./port.ts";
import type { StackFile } from "./stack-file.ts";

/** What serverless.yml declares, running on this machine. */
export type Stack = {
  readonly awsDescription: string;
  readonly logto: LogtoTarget;
  readonly sqs: SQSClient;
  readonly queue: (logicalId: string) => Queue;
  readonly queueNames: readonly string[];
  /** What commands in another terminal need to know. */
  readonly file: Omit<StackFile, "pid">;
  /** Ends everything, and removes what was made in a real Logto or AWS. */
  readonly stop: () => Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** What a run brings along instead of what the environment names; it ends with the stack. */
export type StackParts = {
  readonly aws?: AwsStandIn;
  readonly logto?: LogtoTarget;
  /** Put over the environment of every function. */
  readonly settings?: Readonly<Record<string, string>>;
};

/**
 * Brings up the stack: the queues and the secret that serverless.yml declares, and an event source
 * mapping for every function that reads a queue. Stand-ins serve what the environment does not name:
 * `AWS_ENDPOINT_URL` for AWS, `LOGTO_ENDPOINT` and its companions for Logto.
 *
 * @param onLine gets every line that a function writes.
 * @param log gets what the stack itself has to say.
 * @param parts what is there already.
 * @throws after stopping whatever was up already.
 */
export async function startStack(
  environment: Environment,
  onLine: (line: string) => void,
  log: (line: string) => void,
  parts: StackParts = {},
): Promise<Stack> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const config = await readServerlessConfig();
    const logto = parts.logto ?? (await openLogto(environment));
    undo.push(logto.stop);
    const aws = await openAws(environment, config, undo, parts.aws);
    const resources = await createResources({
      config,
      clients: aws.clients,
      prefix: aws.prefix,
      secretValues: { LogtoSecret: JSON.stringify(logto.credentials) },
    });
    undo.push(resources.remove);
    const environments = functionEnvironments(config, resources, aws, parts.settings);
    for (const mapping of startMappings(config, resources, aws, environments, onLine, log)) {
      undo.push(mapping.stop);
    }
    return {
      awsDescription: aws.description,
      logto,
      sqs: aws.clients.sqs,
      queue: resources.queue,
      queueNames: [...resources.queues.values()].map(({ name }) => name),
      file: {
        ...(aws.endpoint === undefined ? {} : { awsEndpoint: aws.endpoint }),
        region: aws.region,
        queueUrls: Object.fromEntries([...resources.queues].map(([id, { url }]) => [id, url])),
        functions: Object.fromEntries(environments),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Aws = {
  readonly description: string;
  readonly clients: AwsClients;
  readonly region: string;
  readonly prefix: string;
  /** Of the stand-in. */
  readonly endpoint?: string;
  /** What a function needs to reach it, as its environment. */
  readonly environment: Readonly<Record<string, string>>;
};

async function openAws(
  environment: Environment,
  config: ServerlessConfig,
  undo: (() => Promise<void>)[],
  given: AwsStandIn | undefined,
): Promise<Aws> {
  if (given === undefined && environment["AWS_ENDPOINT_URL"]) {
    if (!/^https?:\/\//i.test(environment["AWS_ENDPOINT_URL"])) {
      throw new Error("AWS_ENDPOINT_URL is no URL: set it to one such as http://127.0.0.1:4566.");
    }
    // The SDK asks for a region and credentials even where an emulator looks at neither.
    process.env["AWS_REGION"] ??= environment["AWS_DEFAULT_REGION"] ?? config.provider.region;
    process.env["AWS_ACCESS_KEY_ID"] ??= "local";
    process.env["AWS_SECRET_ACCESS_KEY"] ??= "local";
    const clients = createAwsClients();
    undo.push(async () => clients.destroy());
    const passedOn = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
    return {
      description: environment["AWS_ENDPOINT_URL"],
      clients,
      region: await clients.sqs.config.region(),
      prefix: `onboarding-${randomBytes(4).toString("hex")}-`,
      environment: Object.fromEntries(passedOn.map(([name, value]) => [name, value ?? ""])),
    };
  }
  const standIn = given ?? (await startAwsStandIn(portOf(environment, "LOCAL_AWS_PORT")));
  undo.push(standIn.stop);
  const clients = createAwsClients(standIn);
  undo.push(async () => clients.destroy());
  return {
    description: `stand-in at ${standIn.endpoint} (SQS, Secrets Manager)`,
    clients,
    region: standIn.region,
    prefix: "",
    endpoint: standIn.endpoint,
    environment: {
      AWS_ENDPOINT_URL: standIn.endpoint,
      AWS_REGION: standIn.region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  };
}

/** Each function's environment: as serverless.yml says, and how to reach this AWS. */
const functionEnvironments = (
  config: ServerlessConfig,
  resources: Resources,
  aws: Aws,
  settings: StackParts["settings"],
): ReadonlyMap<string, Record<string, string>> =>
  new Map(
    Object.entries(config.functions).map(([name, { environment }]) => [
      name,
      {
        ...resources.resolveEnvironment({ ...config.provider.environment, ...environment }),
        ...aws.environment,
        ...settings,
      },
    ]),
  );

/** One mapping for each `sqs` event of each function. */
function startMappings(
  config: ServerlessConfig,
  resources: Resources,
  aws: Aws,
  environments: ReadonlyMap<string, Record<string, string>>,
  onLine: (line: string) => void,
  log: (line: string) => void,
): readonly EventSourceMapping[] {
  return Object.entries(config.functions).flatMap(([name, definition]) =>
    definition.events.flatMap(({ sqs: source }) => {
      if (source === undefined || typeof source === "string" || !source.enabled) return [];
      const arn = resources.resolve(source.arn);
      const queue = [...resources.queues.values()].find((candidate) => candidate.arn === arn);
      if (queue === undefined) {
        throw new Error(
          `The function ${name} reads ${arn}, which serverless.yml does not declare.`,
        );
      }
      return startEventSourceMapping({
        queue,
        sqs: aws.clients.sqs,
        batchSize: source.batchSize,
        ...(source.maximumConcurrency === undefined
          ? {}
          : { maximumConcurrency: source.maximumConcurrency }),
        reportBatchItemFailures: source.functionResponseType !== undefined,
        log: (line) => log(`${name}: ${line}`),
        createContainer: () =>
          startContainer({
            handler: definition.handler,
            environment: environments.get(name) ?? {},
            timeoutSeconds: definition.timeout ?? config.provider.timeout,
            memoryLimitInMB: definition.memorySize ?? config.provider.memorySize,
            functionName: definition.name,
            region: aws.region,
            onLine,
          }),
      });
    }),
  );
}

import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import type { QueueName } from "../lib/events/queue-name.ts";
import { localStack } from "./local-stack.ts";
import { UsageError } from "./usage-error.ts";

/** The queues that a command works on. */
export type TargetQueue = QueueName | `${QueueName}-dead-letters`;

/** Each queue's logical id in serverless.yml, and the variable that names it elsewhere. */
export const QUEUES: Readonly<Record<TargetQueue, { logicalId: string; variable: string }>> = {
  invitations: { logicalId: "InvitationsQueue", variable: "INVITATIONS_QUEUE_URL" },
  "invitations-dead-letters": {
    logicalId: "InvitationsDeadLetterQueue",
    variable: "INVITATIONS_DEAD_LETTER_QUEUE_URL",
  },
  "role-scopes": { logicalId: "RoleScopesQueue", variable: "ROLE_SCOPES_QUEUE_URL" },
  "role-scopes-dead-letters": {
    logicalId: "RoleScopesDeadLetterQueue",
    variable: "ROLE_SCOPES_DEAD_LETTER_QUEUE_URL",
  },
};

export type TargetOptions = {
  readonly local?: boolean;
  readonly stage?: string;
  readonly region?: string;
};

/** What a command works on, described as the environment of a function there. */
export type Target = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A client of the target's SQS, to be destroyed by who opens it. */
  readonly openSqs: () => Promise<SQSClient>;
  /** @throws UsageError saying what to set. */
  readonly queueUrl: (name: TargetQueue) => string;
};

/** Gives a command the options that say what it works on. */
export const withTarget = (command: Command): Command =>
  command
    .option("--local", "work on the stack that npm start is running")
    .option("--stage <stage>", "work on a deployed stage, found through its CloudFormation stack")
    .option("--region <region>", "the AWS region, unless AWS_REGION says");

/**
 * The stack that the options name: the local one, a deployed stage, else what the environment says.
 *
 * The AWS variables of the local stack become this process's own, so that every AWS client finds it.
 *
 * @throws UsageError when there is no such stack.
 */
export async function findTarget(options: TargetOptions): Promise<Target> {
  if (options.local && options.stage !== undefined) {
    throw new UsageError("--local and --stage name two stacks: give one of them.");
  }
  if (options.region !== undefined) process.env["AWS_REGION"] = options.region;
  const environment = await environmentOf(options);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith("AWS_") && value !== undefined) process.env[name] = value;
  }
  return {
    environment,
    openSqs: async () => {
      // Loaded where it is asked for: the AWS clients are the larger part of the start.
      const { SQSClient } = await import("@aws-sdk/client-sqs");
      return new SQSClient({
        useQueueUrlAsEndpoint: !isEndpointNamed(),
        logger: SILENT,
        // An MD5 of each body would come when the message is in the queue already. TLS guards the way.
        md5: false,
      });
    },
    queueUrl: (name) => queueUrl(name, environment),
  };
}

async function environmentOf({ local, stage }: TargetOptions): Promise<Target["environment"]> {
  if (stage !== undefined) {
    const { stageEnvironment } = await import("./stage.ts");
    return { ...process.env, ...NO_LOGTO, ...(await stageEnvironment(stage, QUEUES)) };
  }
  return local ? { ...process.env, ...localEnvironment() } : process.env;
}

/** A Logto that the shell names is not the one of a stack. */
const NO_LOGTO = {
  LOGTO_ENDPOINT: undefined,
  LOGTO_APP_ID: undefined,
  LOGTO_APP_SECRET: undefined,
};

function localEnvironment(): Record<string, string | undefined> {
  const stack = localStack();
  const queues = Object.values(QUEUES).map(({ logicalId, variable }) => [
    variable,
    stack.queueUrls[logicalId],
  ]);
  return {
    ...NO_LOGTO,
    ...Object.assign({}, ...Object.values(stack.functions)),
    AWS_REGION: stack.region,
    ...Object.fromEntries(queues),
  };
}

/** Whoever names an endpoint means it for every call, whatever host a queue's URL has. */
const isEndpointNamed = (): boolean =>
  ["AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL"].some((name) => (process.env[name] ?? "") !== "");

const ignore = (): void => {};

/** The SDK would warn at each call of a queue whose URL is not of the region's own host, as in a VPC. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * SQS takes any message, so events in the wrong queue would be found as dead letters only. Queues may
 * have any names: only one that ends with another queue's is refused.
 *
 * @throws UsageError naming both variables.
 */
function assertNoOther(name: TargetQueue, url: string, environment: Target["environment"]): void {
  const isOf = (queue: string): boolean => new RegExp(`(?:^|[/-])${queue}\\.fifo$`).test(url);
  for (const [other, { variable }] of Object.entries(QUEUES)) {
    if (other === name) continue;
    const isSame = environment[variable] === url;
    if (isSame || (isOf(other) && !isOf(name))) {
      throw new UsageError(
        `${QUEUES[name].variable} ${isSame ? `and ${variable} are the same URL` : `is the URL of the queue ${other}`}: ` +
          "set each to its own queue's URL.",
      );
    }
  }
}

function queueUrl(name: TargetQueue, environment: Target["environment"]): string {
  const { variable, logicalId } = QUEUES[name];
  const url = environment[variable] ?? "";
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) {
    assertNoOther(name, url, environment);
    return url;
  }
  throw new UsageError(
    `${variable} is ${url === "" ? "not set" : "no URL"}: set it to the URL of the queue ${name} (the stack's output ` +
      `${logicalId}Url), name the stage with --stage, or use --local while npm start is running.`,
  );
}

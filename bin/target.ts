import { SQSClient } from "@aws-sdk/client-sqs";
import { localStack } from "./local-stack.ts";
import { UsageError } from "./usage-error.ts";

/** The queues that a command works on. */
export type QueueName = "invitations" | "invitations-dead-letters";

/** Each queue's logical id in serverless.yml, and the variable that names it elsewhere. */
const QUEUES: Readonly<Record<QueueName, { logicalId: string; variable: string }>> = {
  invitations: { logicalId: "InvitationsQueue", variable: "INVITATIONS_QUEUE_URL" },
  "invitations-dead-letters": {
    logicalId: "InvitationsDeadLetterQueue",
    variable: "INVITATIONS_DEAD_LETTER_QUEUE_URL",
  },
};

/** Where a command finds the queues. */
export type Target = {
  readonly sqs: SQSClient;
  /** @throws UsageError saying what to set. */
  readonly queueUrl: (name: QueueName) => string;
};

/**
 * The queues of the local stack, or those that the environment names.
 *
 * @throws UsageError when there is no local stack.
 */
export function findTarget(options: { local?: boolean }): Target {
  if (!options.local) return { sqs: new SQSClient({}), queueUrl: urlFromEnvironment };
  const { awsEndpoint, region, queueUrls } = localStack();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return {
    sqs: new SQSClient({
      region,
      ...(awsEndpoint === undefined ? {} : { endpoint: awsEndpoint, credentials }),
    }),
    queueUrl: (name) => queueUrls[QUEUES[name].logicalId] ?? urlFromEnvironment(name),
  };
}

function urlFromEnvironment(name: QueueName): string {
  const { variable, logicalId } = QUEUES[name];
  const url = process.env[variable] ?? "";
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new UsageError(
    `${variable} is ${url === "" ? "not set" : "no URL"}: set it to the URL of the queue ${name} (the stack's output ` +
      `${logicalId}Url), or use --local while npm start is running.`,
  );
}

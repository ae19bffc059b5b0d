import { readFileSync } from "node:fs";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { UsageError } from "./usage-error.ts";

/** The file in which a running `npm start` says where it is. */
export const LOCAL_STACK_FILE = new URL("../.local/stack.json", import.meta.url);

const localStack = v.object({
  awsEndpoint: v.optional(v.string()),
  region: v.string(),
  invitationsQueueUrl: v.string(),
});

export type LocalStackFile = v.InferOutput<typeof localStack>;

/** Where a command finds the queues. */
export type Target = { readonly sqs: SQSClient; readonly invitationsQueueUrl: string };

/**
 * The queues of the local stack, or those that the environment names.
 *
 * @throws UsageError saying what to set.
 */
export function findTarget(options: { local?: boolean }): Target {
  if (options.local) {
    const { awsEndpoint, region, invitationsQueueUrl } = readLocalStack();
    const config =
      awsEndpoint === undefined
        ? {}
        : {
            endpoint: awsEndpoint,
            credentials: { accessKeyId: "local", secretAccessKey: "local" },
          };
    return { sqs: new SQSClient({ region, ...config }), invitationsQueueUrl };
  }
  const invitationsQueueUrl = process.env["INVITATIONS_QUEUE_URL"] ?? "";
  if (invitationsQueueUrl === "") {
    throw new UsageError(
      "INVITATIONS_QUEUE_URL is not set: set it to the URL of the invitations queue (the stack's " +
        "output InvitationsQueueUrl), or use --local while npm start is running.",
    );
  }
  return { sqs: new SQSClient({}), invitationsQueueUrl };
}

function readLocalStack(): LocalStackFile {
  let text: string;
  try {
    text = readFileSync(LOCAL_STACK_FILE, "utf8");
  } catch {
    throw new UsageError("No local stack is running: start one with npm start.");
  }
  return v.parse(v.pipe(v.string(), v.parseJson(), localStack), text);
}

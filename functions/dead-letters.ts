import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { type CommandAnswer, runDeadLetterCommand } from "../lib/dead-letters/command.ts";
import type { QueuePair } from "../lib/dead-letters/queue.ts";
import type { QueueName } from "../lib/events/queue-name.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { type SettingsReader, settingsReader, url } from "../lib/runtime/settings.ts";
import { sqsClient } from "../lib/runtime/sqs.ts";

/** What is left at the end to give back the letters in hand. */
const CLOSING_MS = 10_000;

const logger = createLogger("dead-letters");

const queueUrl = (name: QueueName) => url(`the URL of the queue ${name}`);
const deadLetterQueueUrl = (name: QueueName) => url(`the URL of the dead-letter queue of ${name}`);

const pairs = (settings: SettingsReader): readonly QueuePair[] => [
  {
    name: "invitations",
    queueUrl: settings.required("INVITATIONS_QUEUE_URL", queueUrl("invitations")),
    deadLetterQueueUrl: settings.required(
      "INVITATIONS_DEAD_LETTER_QUEUE_URL",
      deadLetterQueueUrl("invitations"),
    ),
  },
  {
    name: "role-scopes",
    queueUrl: settings.required("ROLE_SCOPES_QUEUE_URL", queueUrl("role-scopes")),
    deadLetterQueueUrl: settings.required(
      "ROLE_SCOPES_DEAD_LETTER_QUEUE_URL",
      deadLetterQueueUrl("role-scopes"),
    ),
  },
];

/** Runs one command on the dead letters, such as `{ "action": "list" }`, by hand. */
export const handler = middy<unknown, CommandAnswer>()
  .use(injectLambdaContext(logger))
  .handler((payload, context) => {
    const timeoutMs = Math.max(0, context.getRemainingTimeInMillis() - CLOSING_MS);
    const signal = AbortSignal.timeout(timeoutMs);
    return runDeadLetterCommand(payload, sqsClient(), pairs(settingsReader(process.env)), signal);
  });

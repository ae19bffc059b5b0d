import { type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { eventMessage } from "../../lib/events/message.ts";
import { toLambdaRecord } from "../../local/aws/sqs-record.ts";
import type { LogtoStandIn } from "../../local/logto/server.ts";
import { createEvent, type Json } from "../support/events.ts";
import { type InvocationLog, invocationLog } from "../support/invocation-log.ts";
import type { Queues } from "../support/queues.ts";
import { startQueueFunction } from "./queue-function.ts";

/** Everything that must be in no log line and no attribute has this in it. */
export const CANARY = "canary";

export const HASH_KEY = `${CANARY}-hash-key`;
export const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

export const inviteeOf = (name: string) => `${name}.${CANARY}@example.com`;

function event(id: string, attributes: Json & { data?: Json } = {}): Json {
  const { data, ...others } = attributes;
  const link = `https://app.example/join/${CANARY}?token={oneTimeToken}`;
  const own = { organizationId: "acme", invitee: inviteeOf(id), message: { link }, ...data };
  return createEvent({ id, traceparent: TRACEPARENT, ...others, data: own });
}

const bodies = {
  done: event("done"),
  rejected: event("rejected"),
  retried: event("retried"),
  behind: event("behind", { data: { invitee: inviteeOf("retried") } }),
  invalid: event("invalid", { data: { [inviteeOf("key")]: 1, ifPending: inviteeOf("value") } }),
  text: `No JSON, but ${inviteeOf("text")}.`,
} as const;
/** The messages of the batch, named after what becomes of them. */
export type Name = keyof typeof bodies;
const names: readonly Name[] = ["done", "rejected", "retried", "behind", "invalid", "text"];

/** What became of the batch. */
export type Played = {
  readonly logto: LogtoStandIn;
  readonly answer: unknown;
  readonly letters: readonly Message[];
  readonly log: InvocationLog;
  readonly messageOf: (name: Name) => Message;
  readonly letterOf: (name: Name) => Message;
  readonly lineOf: (name: Name) => Readonly<Record<string, unknown>> | undefined;
  readonly stop: () => Promise<void>;
};

/** Sends a batch with one of everything through the queue and the function, once. */
export async function playBatch(): Promise<Played> {
  const log = invocationLog();
  const secret = { hashKey: HASH_KEY };
  const parts = await startQueueFunction("invitations", { secret, onLine: log.onLine });
  const { queues, logto, container, queueUrl, deadLetterQueueUrl, stop } = parts;
  addFaults(logto);
  await sendAll(queues, queueUrl);
  const messages = await queues.receive(queueUrl);
  const arn = "arn:aws:sqs:us-east-1:000000000000:invitations.fifo";
  const answer = await container.invoke({
    Records: messages.map((message) => toLambdaRecord(message, arn)),
  });
  // Then everything it wrote is here.
  await container.stop();
  const letters = await queues.drain(deadLetterQueueUrl);

  const withBodyOf = (candidates: readonly Message[], name: Name): Message =>
    candidates.find(({ Body }) => Body === bodyText(name)) ?? expect.fail(`no message ${name}`);
  const messageOf = (name: Name) => withBodyOf(messages, name);
  return {
    logto,
    answer,
    letters,
    log,
    messageOf,
    letterOf: (name) => withBodyOf(letters, name),
    lineOf: (name) =>
      log.messageLines().find(({ messageId }) => messageId === messageOf(name).MessageId),
    stop,
  };
}

/** Logto refuses one of the invitees, and is down for another. */
function addFaults(logto: LogtoStandIn): void {
  const create = "/api/organization-invitations";
  const isCreateOf = (name: string) => (request: { template: string; body: unknown }) =>
    request.template === create && JSON.stringify(request.body).includes(inviteeOf(name));
  logto.faults.add({
    on: isCreateOf("rejected"),
    action: {
      kind: "answer",
      status: 400,
      body: { code: "guard.invalid_input", message: `${inviteeOf("rejected")} is wrong` },
      headers: { "logto-core-request-id": "request-1" },
    },
  });
  logto.faults.add({
    on: isCreateOf("retried"),
    action: { kind: "answer", status: 503, body: CANARY, headers: { "retry-after": "60" } },
  });
  // The first token is refused by the API, so that there is an error that could tell of it.
  logto.faults.add({
    on: "POST /oidc/token",
    times: 1,
    action: {
      kind: "answer",
      status: 200,
      body: { access_token: `${CANARY}-token`, expires_in: 3600, scope: "all" },
    },
  });
}

function bodyText(name: Name): string {
  const body = bodies[name];
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Sends the messages as a publisher does, and what no publisher would send in a group of its own. */
async function sendAll({ sqs }: Queues, queueUrl: string): Promise<void> {
  for (const name of names) {
    const made = eventMessage(bodies[name], Date.now());
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: bodyText(name),
        MessageGroupId: made.ok ? made.message.groupId : name,
        MessageDeduplicationId: name,
      }),
    );
  }
}

import { type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { eventMessage } from "../../lib/events/message.ts";
import { toLambdaRecord } from "../../local/aws/sqs-record.ts";
import type { Seed } from "../../local/logto/seed.ts";
import type { LogtoStandIn } from "../../local/logto/server.ts";
import { createEvent, type Json } from "../support/events.ts";
import { type InvocationLog, invocationLog } from "../support/invocation-log.ts";
import { type RoleScopesWord, roleScopesJson, scopeOf } from "../support/role-scopes-event.ts";
import { startQueueFunction } from "./queue-function.ts";

/** Everything that must be in no log line and no attribute has this in it. */
export const CANARY = "canary";

/** Roles whose ids are `role-…`, and a resource `orders` whose scopes' ids are `orders.…`. */
export const rolesAndScopes: Seed = {
  organizations: [{ id: "acme", name: "Acme" }],
  roles: [
    { id: "role-member", name: "member" },
    { id: "role-admin", name: "admin", resourceScopeIds: ["orders.read"] },
    { id: "role-machine", name: "machine", type: "MachineToMachine" },
  ],
  resources: [
    {
      id: "orders",
      name: "Orders",
      indicator: "https://orders.example.com",
      scopes: ["read", "write", "export"].map((name) => ({ id: `orders.${name}`, name })),
    },
  ],
};

const orders = (...names: string[]) => names.map((name) => scopeOf("orders", name));
const event = (id: string, word: RoleScopesWord, data: Json): Json =>
  roleScopesJson(word, data, { id });

const events = {
  "member-1": event("member-1", "assign", { scopes: orders("read") }),
  "member-2": event("member-2", "replace", { scopes: orders("write", "export") }),
  "member-3": event("member-3", "remove", { scopes: orders("export") }),
  admin: event("admin", "sync", { role: "admin", scopes: orders("write"), prune: true }),
  machine: event("machine", "assign", { role: "role-machine", scopes: ["orders.read"] }),
  // Unknown for longer than anything is on its way, and since a moment ago.
  old: event("old", "assign", { role: "role-admin", scopes: orders("fly") }),
  new: event("new", "replace", { role: "nobody", scopes: [] }),
  behind: event("behind", "assign", { role: "nobody" }),
  address: event("address", "assign", { role: `ada.${CANARY}@example.com` }),
  invitation: createEvent({ id: "invitation", data: { invitee: `ada.${CANARY}@example.com` } }),
} as const;
/** The messages of the batch, by their event ids. */
export type Name = keyof typeof events;
const names: readonly Name[] = [
  "member-1",
  "member-2",
  "member-3",
  "admin",
  "machine",
  "old",
  "new",
  "behind",
  "address",
  "invitation",
];

/** How long ago these were sent; the others were just now. */
const AGE_MS: Partial<Readonly<Record<Name, number>>> = { old: 15 * 60_000, address: 15 * 60_000 };

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

/** Sends role-scopes events of every kind through their queue and function, once, in one batch. */
export async function playRoleScopesBatch(): Promise<Played> {
  const log = invocationLog();
  const parts = await startQueueFunction("role-scopes", {
    seed: rolesAndScopes,
    secret: { hashKey: `${CANARY}-hash-key` },
    onLine: log.onLine,
  });
  const { queues, logto, container, queueUrl, deadLetterQueueUrl, stop } = parts;
  for (const name of names) {
    const made = eventMessage(events[name], Date.now());
    if (!made.ok) return expect.fail(`${name} is no event`);
    await queues.sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: made.message.body,
        MessageGroupId: made.message.groupId,
        MessageDeduplicationId: made.message.deduplicationId,
      }),
    );
  }
  const messages = (await queues.receive(queueUrl)).map(aged);
  const arn = "arn:aws:sqs:us-east-1:000000000000:role-scopes.fifo";
  const answer = await container.invoke({
    Records: messages.map((message) => toLambdaRecord(message, arn)),
  });
  // Then everything it wrote is here.
  await container.stop();
  const letters = await queues.drain(deadLetterQueueUrl);

  const ofEvent = (candidates: readonly Message[], name: Name): Message =>
    candidates.find((message) => nameOf(message) === name) ?? expect.fail(`no message ${name}`);
  const messageOf = (name: Name) => ofEvent(messages, name);
  return {
    logto,
    answer,
    letters,
    log,
    messageOf,
    letterOf: (name) => ofEvent(letters, name),
    lineOf: (name) =>
      log.messageLines().find(({ messageId }) => messageId === messageOf(name).MessageId),
    stop,
  };
}

const nameOf = ({ Body = "{}" }: Message): Name | undefined => {
  const { id }: { id?: unknown } = JSON.parse(Body);
  return names.find((name) => name === id);
};

/** The message as if it had been sent earlier. */
function aged(message: Message): Message {
  const { Attributes = {} } = message;
  const name = nameOf(message);
  const ageMs = (name === undefined ? undefined : AGE_MS[name]) ?? 0;
  const SentTimestamp = String(Number(Attributes.SentTimestamp) - ageMs);
  return { ...message, Attributes: { ...Attributes, SentTimestamp } };
}

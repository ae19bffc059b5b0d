import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import * as v from "valibot";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { contractFiles } from "../../../deploy/contract/files.ts";
import { eventTypes } from "../../../lib/events/event.ts";

const root = join(import.meta.dirname, "..", "..", "..");

// Importing that parser alone takes seconds.
test("the AsyncAPI document passes AsyncAPI's own parser, and its queues are those deployed", {
  timeout: 120_000,
}, async () => {
  const text = contractFiles()["events/asyncapi.yaml"] ?? "";
  const { document, diagnostics } = await new Parser().parse(text);
  const wrong = diagnostics.filter(({ severity }) => severity < 2);
  expect(wrong.map(({ message, path }) => `${path.join(".")}: ${message}`)).toEqual([]);
  expect(document?.version()).toBe("3.0.0");

  const messages = document?.allMessages().all() ?? [];
  expect(messages.map((message) => message.name()).toSorted()).toEqual([...eventTypes].toSorted());
  for (const message of messages) expect(message.examples().all().length).toBeGreaterThan(0);

  const queues = document?.allChannels().all() ?? [];
  const bound = queues.map((channel) => channel.bindings().get("sqs")?.value().queue);
  expect(bound).toEqual([deployed("InvitationsQueue"), deployed("RoleScopesQueue")]);
});

const queueProperties = v.object({
  QueueName: v.string(),
  FifoQueue: v.boolean(),
  DeduplicationScope: v.string(),
  FifoThroughputLimit: v.string(),
  VisibilityTimeout: v.number(),
  MessageRetentionPeriod: v.number(),
  RedrivePolicy: v.object({ maxReceiveCount: v.number() }),
});

const resources = v.object({
  Resources: v.record(v.string(), v.object({ Properties: v.unknown() })),
});

/** A queue of the deployment in the words of AsyncAPI's binding. */
function deployed(id: string) {
  const text = readFileSync(join(root, "deploy", "resources", "queues.yml"), "utf8");
  const { Resources } = v.parse(resources, parse(text, { merge: true, logLevel: "silent" }));
  const queue = v.parse(queueProperties, Resources[id]?.Properties);
  const name = queue.QueueName.replace(/\$\{self:service\}/, "logto-onboarding").replace(
    /\$\{sls:stage\}/,
    "{stage}",
  );
  return {
    name,
    fifoQueue: queue.FifoQueue,
    deduplicationScope: queue.DeduplicationScope,
    fifoThroughputLimit: queue.FifoThroughputLimit,
    visibilityTimeout: queue.VisibilityTimeout,
    messageRetentionPeriod: queue.MessageRetentionPeriod,
    redrivePolicy: {
      deadLetterQueue: { name: name.replace(".fifo", "-dead-letters.fifo") },
      maxReceiveCount: queue.RedrivePolicy.maxReceiveCount,
    },
  };
}

import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { functionsOf } from "../functions.ts";
import type { Deployment, Resource } from "../template.ts";

/** Why a queue of the stack has no dead-letter queue of its own. */
const WITHOUT_DEAD_LETTERS: Readonly<Record<string, string>> = {
  InvitationsDeadLetterQueue: "holds the dead letters: people take them out",
  RoleScopesDeadLetterQueue: "holds the dead letters: people take them out",
  ReconcileScheduleDeadLetterQueue: "is one itself, of the schedule: people look into it",
  ReconcileFailuresQueue: "holds failed runs: people look into it",
};

const DAY_SECONDS = 86_400;

const queueProperties = v.looseObject({
  QueueName: v.string(),
  FifoQueue: v.optional(v.boolean(), false),
  MessageRetentionPeriod: v.number(),
  VisibilityTimeout: v.optional(v.number(), 30),
  RedrivePolicy: v.optional(
    v.object({ deadLetterTargetArn: v.string(), maxReceiveCount: v.number() }),
  ),
  RedriveAllowPolicy: v.optional(
    v.object({ redrivePermission: v.string(), sourceQueueArns: v.optional(v.array(v.string())) }),
  ),
});

const arnOf = (queue: Resource): string =>
  `arn:aws:sqs:us-east-1:000000000000:${queue.properties["QueueName"]}`;

/** @param key the customer key that the parameters name, if one. */
export function checkQueues(stack: Deployment, key?: string): void {
  const queues = stack.ofType("AWS::SQS::Queue");
  const parsed = (queue: Resource) => v.parse(queueProperties, queue.properties);
  const byArn = new Map(queues.map((queue) => [arnOf(queue), queue]));

  describe.each(queues.map((queue) => [queue.id, queue] as const))("the queue %s", (id, queue) => {
    const own = parsed(queue);

    test(`is encrypted ${key === undefined ? "by SQS" : "with the customer's key"}`, () => {
      expect({
        managed: queue.properties["SqsManagedSseEnabled"],
        key: queue.properties["KmsMasterKeyId"],
      }).toEqual(
        key === undefined ? { managed: true, key: undefined } : { managed: undefined, key },
      );
    });

    test("is taken over TLS only", () => {
      const policies = stack
        .ofType("AWS::SQS::QueuePolicy")
        .filter(({ properties }) => JSON.stringify(properties["Queues"]) === `["ref:${id}"]`);
      expect(policies.map(({ properties }) => properties["PolicyDocument"])).toEqual([
        {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "sqs:*",
              Resource: arnOf(queue),
              Condition: { Bool: { "aws:SecureTransport": false } },
            },
          ],
        },
      ]);
    });

    test("has a dead-letter queue of its kind that takes from it alone, or a reason for none", () => {
      const target = byArn.get(own.RedrivePolicy?.deadLetterTargetArn ?? "");
      if (target === undefined) {
        expect(own.RedrivePolicy).toBeUndefined();
        expect(WITHOUT_DEAD_LETTERS).toHaveProperty(id);
        return;
      }
      expect(WITHOUT_DEAD_LETTERS).not.toHaveProperty(id, "holds events");
      const { RedriveAllowPolicy: allow, FifoQueue: fifo } = parsed(target);
      expect(allow).toEqual({ redrivePermission: "byQueue", sourceQueueArns: [arnOf(queue)] });
      expect(fifo).toBe(own.FifoQueue);
      expect(own.RedrivePolicy?.maxReceiveCount).toBe(100);
    });

    test("is the dead-letter queue of the queue that it names, or of none", () => {
      const sources = queues.filter(
        (other) => parsed(other).RedrivePolicy?.deadLetterTargetArn === arnOf(queue),
      );
      expect(own.RedriveAllowPolicy).toEqual(
        own.RedrivePolicy !== undefined
          ? undefined
          : sources.length === 0
            ? { redrivePermission: "denyAll" }
            : { redrivePermission: "byQueue", sourceQueueArns: sources.map(arnOf) },
      );
    });

    test("keeps messages for four days, and what was given up for fourteen", () => {
      const isLastStop = own.RedrivePolicy === undefined;
      expect(own.MessageRetentionPeriod).toBe((isLastStop ? 14 : 4) * DAY_SECONDS);
    });

    test("is named for the stage, and FIFO by its name if it is FIFO", () => {
      expect(own.QueueName).toMatch(/^logto-onboarding-\w+-/);
      expect(own.QueueName.endsWith(".fifo")).toBe(own.FifoQueue);
    });
  });

  const mappings = stack.ofType("AWS::Lambda::EventSourceMapping");

  test.each(mappings.map((mapping) => [mapping.id, mapping] as const))(
    "%s returns what was not done, bounds how much runs, and leaves its function six times its timeout",
    (_id, { properties }) => {
      const queue = byArn.get(String(properties["EventSourceArn"]));
      const reader = functionsOf(stack).find(
        ({ id }) => properties["FunctionName"] === `${id}.Arn`,
      );
      if (queue === undefined || reader === undefined) expect.fail("it joins nothing of the stack");
      expect(properties).toMatchObject({
        BatchSize: 10,
        Enabled: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: expect.any(Number) },
      });
      const { VisibilityTimeout: visible } = parsed(queue);
      expect(visible).toBeGreaterThanOrEqual(6 * reader.properties.Timeout);
      // SQS drops a repeated dead letter for five minutes.
      expect(visible).toBeLessThan(300);
      expect(reader.properties.Environment.Variables["QUEUE_URL"]).toBe(`ref:${queue.id}`);
    },
  );

  test("every queue of events has one reader", () => {
    const read = mappings.map(({ properties }) => properties["EventSourceArn"]);
    const ofEvents = queues.filter((queue) => parsed(queue).RedrivePolicy !== undefined);
    expect(read.toSorted()).toEqual(ofEvents.map(arnOf).toSorted());
  });
}

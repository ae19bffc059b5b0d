import { afterAll, beforeAll, expect, test } from "vitest";
import { attributesOf } from "../support/dead-letters.ts";
import { createEvent } from "../support/events.ts";
import { type InvocationLog, invocationLog } from "../support/invocation-log.ts";
import { roleScopesJson } from "../support/role-scopes-event.ts";
import { sqsRecord } from "../support/sqs-record.ts";
import { type QueueFunction, startQueueFunction } from "./queue-function.ts";
import { rolesAndScopes } from "./role-scopes-batch.ts";

/** functions/invitations; that functions/role-scopes rejects invitations is in its batch. */
let parts: QueueFunction;
let log: InvocationLog;
beforeAll(async () => {
  log = invocationLog();
  parts = await startQueueFunction("invitations", { seed: rolesAndScopes, onLine: log.onLine });
});
afterAll(() => parts.stop());

test("a role-scopes event among invitations is rejected with the reason, and changes nothing", async () => {
  const record = (messageId: string, body: object) =>
    sqsRecord({ messageId, body, group: messageId, sentAt: Date.now() });
  const answer = await parts.container.invoke({
    Records: [record("lost", roleScopesJson("assign")), record("own", createEvent())],
  });
  await parts.container.stop();

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(parts.logto.state.roleScopes.get("role-member")).toEqual(new Set());
  expect(parts.logto.state.invitationsOf("acme", "ada@example.com")).toHaveLength(1);
  const letters = await parts.queues.drain(parts.deadLetterQueueUrl);
  expect(letters.map(attributesOf)).toMatchObject([
    {
      reason: "wrong-queue",
      sentence:
        "The event is one for the queue role-scopes and came to invitations: publish it there.",
    },
  ]);
  const line = log.messageLines().find(({ messageId }) => messageId === "lost");
  expect(line).toMatchObject({
    outcome: "reject",
    reason: "wrong-queue",
    role: "member",
    logtoCalls: 0,
  });
  expect(line).not.toHaveProperty("inviteeHash");
});

import type { SQSRecord } from "aws-lambda";
import { expect, it } from "vitest";
import { logtoError } from "../../../lib/logto/errors.ts";
import { processBatch } from "../../../lib/queue/batch.ts";
import { createDice } from "../../faults/dice.ts";
import { batchWork } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { sqsRecord } from "../../support/sqs-record.ts";

const HOUR_MS = 3_600_000;
const OUTAGE_MS = 6 * HOUR_MS;
const GROUPS = 20;
const EVENTS_PER_GROUP = 3;

/** The redrive policy of serverless.yml: what is received more often is given up by SQS itself. */
const MAXIMUM_RECEIVE_COUNT = 100;

type Held = { body: string; group: string; receiveCount: number; visibleAt: number };

it("an outage of six hours loses nothing, dead-letters nothing and keeps every group in order", async () => {
  const dice = createDice(7);
  let now = Date.parse("2026-03-01T00:00:00Z");
  const startedAt = now;
  const queue = Array.from({ length: GROUPS * EVENTS_PER_GROUP }, (_, index): Held => {
    const group = `group-${index % GROUPS}`;
    const id = `${group}.${Math.floor(index / GROUPS)}`;
    const body = JSON.stringify(createEvent({ id, time: new Date(now).toISOString() }));
    return { body, group, receiveCount: 0, visibleAt: now };
  });
  const carriedOut: string[] = [];
  let rolls = 0;
  const { work, log } = batchWork({
    now: () => now,
    random: () => dice.roll(String(rolls++)),
    handle: async ({ event }) => {
      if (now - startedAt < OUTAGE_MS) {
        throw logtoError("unavailable", "Logto failed", { operation: "invitations.create" });
      }
      carriedOut.push(event.id);
      return { outcome: "done", detail: "created" };
    },
    delay: async (delays) => {
      for (const { receiptHandle, seconds } of delays) {
        const held = queue.find(({ body }) => body === receiptHandle);
        if (held !== undefined) held.visibleAt = now + seconds * 1000;
      }
    },
  });

  while (queue.length > 0) {
    // A group is out of sight for as long as its first message is.
    const heads = [...Map.groupBy(queue, ({ group }) => group).values()];
    now = Math.max(now, Math.min(...heads.map(([head]) => head?.visibleAt ?? now)));
    const batch = heads
      .filter(([head]) => (head?.visibleAt ?? 0) <= now)
      .flat()
      .slice(0, 10);
    for (const held of batch) held.receiveCount += 1;
    const { batchItemFailures } = await processBatch(batch.map(recordOf(startedAt)), work, {
      startBefore: now + 30_000,
      endBy: now + 40_000,
    });
    const back = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const held of batch) if (!back.has(held.body)) queue.splice(queue.indexOf(held), 1);
    expect(Math.max(0, ...queue.map(({ receiveCount }) => receiveCount))).toBeLessThan(
      MAXIMUM_RECEIVE_COUNT,
    );
  }

  expect(log.deadLetters).toEqual([]);
  expect(carriedOut).toHaveLength(GROUPS * EVENTS_PER_GROUP);
  for (const [group, ids] of Map.groupBy(carriedOut, (id) => id.split(".")[0])) {
    expect(ids).toEqual([`${group}.0`, `${group}.1`, `${group}.2`]);
  }
  // The longest delay is a quarter of an hour: that is how long after its end nobody waits anymore.
  expect(now - startedAt).toBeLessThan(OUTAGE_MS + 2 * 900_000);
});

const recordOf =
  (sentAt: number) =>
  ({ body, group, receiveCount }: Held): SQSRecord => ({
    ...sqsRecord({ messageId: body, body, group, receiveCount, sentAt }),
    receiptHandle: body,
  });

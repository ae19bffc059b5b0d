import fc from "fast-check";
import { expect, test } from "vitest";
import { logtoError, type Meaning } from "../../../lib/logto/errors.ts";
import { processBatch } from "../../../lib/queue/batch.ts";
import { batchWork, done, reject, retry } from "../../support/batch-work.ts";
import { SENT_AT, sqsRecord } from "../../support/sqs-record.ts";

const meanings: readonly Meaning[] = ["unavailable", "reference-not-found", "invalid", "ended"];

const behaviour = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "return", outcome: done } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "return", outcome: retry } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "return", outcome: reject } as const) },
  fc.record({
    kind: fc.constant("throw" as const),
    error: fc.oneof(
      fc
        .constantFrom(...meanings)
        .map((meaning) => logtoError(meaning, "failed", { operation: "invitations.create" })),
      fc.constantFrom(new TypeError("bug"), "text", undefined, null, 0),
    ),
  }),
);

const message = fc.record({
  group: fc.constantFrom("a", "b", "c", "d"),
  behaviour,
  body: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    fc.constantFrom("no JSON", "{}"),
  ),
  deadLetterFails: fc.boolean(),
  acknowledgeFails: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  receiveCount: fc.integer({ min: 1, max: 20 }),
  ageMs: fc.constantFrom(0, 1_000_000, 50_000_000),
  takesMs: fc.nat({ max: 4_000 }),
  /** How many turns of the event loop's microtasks the handler takes. */
  turns: fc.nat({ max: 5 }),
});

type Simulated = (typeof message extends fc.Arbitrary<infer Value> ? Value : never) & {
  readonly id: string;
};

async function simulate(messages: readonly Simulated[], delayFails: boolean) {
  const byId = new Map(messages.map((simulated) => [simulated.id, simulated]));
  const find = (id: string) => byId.get(id) ?? expect.fail(`no message ${id}`);
  const inFlight = new Set<string>();
  const deadLetters: string[] = [];
  // Not expected on the spot: what a handler throws is caught.
  const overlapping: string[] = [];
  let now = SENT_AT;
  const { work, log } = batchWork({
    now: () => now,
    random: () => 0.5,
    handle: async ({ message: { messageId } }) => {
      const { group, turns, takesMs, behaviour: how } = find(messageId);
      if (inFlight.has(group)) overlapping.push(messageId);
      inFlight.add(group);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      now += takesMs;
      inFlight.delete(group);
      if (how.kind === "throw") throw how.error;
      return how.outcome;
    },
    deadLetter: async ({ messageId }) => {
      if (find(messageId).deadLetterFails) throw new Error("not taken");
      deadLetters.push(messageId);
    },
    acknowledge: async ({ messageId }) => {
      if (find(messageId).acknowledgeFails) throw new Error("not taken out");
    },
    ...(delayFails ? { delay: () => Promise.reject(new Error("not set")) } : {}),
  });
  const records = messages.map(({ id, group, receiveCount, ageMs, body }) =>
    sqsRecord({
      messageId: id,
      group,
      receiveCount,
      sentAt: SENT_AT - ageMs,
      ...(body === undefined ? {} : { body }),
    }),
  );
  const deadline = { startBefore: SENT_AT + 10_000, endBy: SENT_AT + 15_000 };
  const { batchItemFailures } = await processBatch(records, work, deadline);
  const returned = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { log, returned, deadLetters, overlapping };
}

test("every message of any batch is done, in the dead letters or returned: exactly one of the three", async () => {
  const batches = fc
    .array(message, { maxLength: 12 })
    .map((list) => list.map((simulated, index) => ({ ...simulated, id: `m${index}` })));

  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), async (messages, delayFails) => {
      const { log, returned, deadLetters, overlapping } = await simulate(messages, delayFails);
      expect(overlapping).toEqual([]);
      const doneIds = log.reports
        .filter(({ outcome }) => outcome.outcome === "done")
        .map(({ message: { messageId } }) => messageId);

      const all = messages.map(({ id }) => id);
      expect([...doneIds, ...deadLetters, ...returned].sort()).toEqual(all.sort());

      // Nothing is begun twice, and nobody is told of a message twice.
      const reported = log.reports.map(({ message: { messageId } }) => messageId);
      expect(new Set(log.handled).size).toBe(log.handled.length);
      expect(new Set(reported).size).toBe(reported.length);

      for (const members of Map.groupBy(messages, ({ group }) => group).values()) {
        const ids = members.map(({ id }) => id);
        // In order, and what comes back is the end of the group: nothing overtakes it.
        expect(log.handled.filter((id) => ids.includes(id))).toEqual(
          ids.filter((id) => log.handled.includes(id)),
        );
        const back = ids.filter((id) => returned.includes(id));
        expect(back).toEqual(ids.slice(ids.length - back.length));
        for (const untouched of back.slice(1)) expect(reported).not.toContain(untouched);

        const handles = back.map((id) => `handle of ${id}`);
        const delays = log.delays.filter(({ receiptHandle }) => handles.includes(receiptHandle));
        expect(new Set(delays.map(({ seconds }) => seconds)).size).toBeLessThanOrEqual(1);
        expect(delays).toHaveLength(delayFails ? 0 : back.length);
      }
    }),
    { numRuns: 500 },
  );
});

import { describe, expect, test } from "vitest";
import { processDirect } from "../../../lib/queue/direct.ts";
import { batchWork, done, reject, retry } from "../../support/batch-work.ts";
import { createEvent } from "../../support/events.ts";
import { SENT_AT } from "../../support/sqs-record.ts";

const deadline = { startBefore: SENT_AT + 10_000, endBy: SENT_AT + 15_000 };

const eventOf = (id: string, invitee: string) => createEvent({ id, data: { invitee } });

describe("events by hand", () => {
  test("one event has one outcome", async () => {
    const { work, log } = batchWork();
    expect(await processDirect(createEvent(), work, deadline)).toEqual([
      { eventId: "event-1", ...done },
    ]);
    expect(log.reports).toMatchObject([
      { message: { delivery: { sentAt: SENT_AT, receiveCount: 1 } } },
    ]);
  });

  test("a list has the outcomes in its own order, whoever is ready first", async () => {
    const slow = Promise.withResolvers<void>();
    const { work } = batchWork({
      handle: async ({ event }) => {
        if (event.id === "slow") await slow.promise;
        else slow.resolve();
        return event.id === "slow" ? done : reject;
      },
    });
    const events = [eventOf("slow", "ada@example.com"), eventOf("fast", "alan@example.com")];
    expect(await processDirect(events, work, deadline)).toEqual([
      { eventId: "slow", ...done },
      { eventId: "fast", ...reject },
    ]);
  });

  test("an empty list has none", async () => {
    expect(await processDirect([], batchWork().work, deadline)).toEqual([]);
  });

  test("of one invitee are carried out in order, and one to be tried again ends their turn", async () => {
    const { work, log } = batchWork({
      handle: async ({ event }) => (event.id === "first" ? retry : done),
    });
    const events = [
      eventOf("first", "ada@example.com"),
      eventOf("other", "alan@example.com"),
      eventOf("second", "Ada@Example.com"),
    ];
    const outcomes = await processDirect(events, work, deadline);
    expect(outcomes).toMatchObject([
      { eventId: "first", outcome: "retry", reason: "unavailable" },
      { eventId: "other", outcome: "done" },
      { outcome: "retry", reason: "not-begun" },
    ]);
    expect(log.handled).toHaveLength(2);
  });

  test("are not begun when there is no time left, and that is said of each", async () => {
    const { work, log } = batchWork({ now: () => deadline.startBefore });
    const events = [eventOf("first", "ada@example.com"), eventOf("second", "alan@example.com")];
    const outcomes = await processDirect(events, work, deadline);
    expect(outcomes.map((outcome) => "reason" in outcome && outcome.reason)).toEqual([
      "not-begun",
      "not-begun",
    ]);
    expect(log.handled).toEqual([]);
  });

  test.each([
    ["an event with a wrong field", createEvent({ data: { invitee: "ada" } }), "invalid-data"],
    ["an empty object", {}, "not-a-cloudevent"],
    ["null", null, "not-a-cloudevent"],
    ["a text", "text", "not-a-cloudevent"],
    ["nothing", undefined, "not-json"],
  ])("%s is rejected to whoever asked", async (_, payload, reason) => {
    const { work } = batchWork();
    expect(await processDirect(payload, work, deadline)).toMatchObject([
      { outcome: "reject", reason },
    ]);
  });

  test("are neither dead-lettered nor delayed: whoever asked is told", async () => {
    const { work, log } = batchWork({
      handle: async ({ event }) => (event.id === "rejected" ? reject : retry),
    });
    const events = [eventOf("rejected", "ada@example.com"), eventOf("later", "alan@example.com")];
    await processDirect(events, work, deadline);
    expect(log.deadLetters).toEqual([]);
    expect(log.delays).toEqual([]);
  });

  test("a handler that throws is told as what a queue would do with it", async () => {
    const { work } = batchWork({ handle: () => Promise.reject(new TypeError("bug")) });
    expect(await processDirect(createEvent(), work, deadline)).toMatchObject([
      { eventId: "event-1", outcome: "retry", reason: "unexpected-error" },
    ]);
  });
});

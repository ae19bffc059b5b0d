import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvent } from "../support/events.ts";
import { type QueueFunction, startQueueFunction } from "./queue-function.ts";

let parts: QueueFunction;
beforeAll(async () => {
  parts = await startQueueFunction("invitations");
});
afterAll(() => parts.stop());

const invoke: QueueFunction["container"]["invoke"] = (payload, options) =>
  parts.container.invoke(payload, options);

const create = (id: string, data: object = {}) =>
  createEvent({ id, data: { invitee: `${id}@example.com`, ...data } });
const revoke = (id: string, invitee: string) =>
  createEvent({ id, type: "onboarding.invitation.revoke", data: { invitee } });
const idOf = (invitee: string) => parts.logto.state.invitationsOf("acme", invitee)[0]?.id;

describe("an event by hand", () => {
  test("is carried out, and its outcome is the answer", async () => {
    expect(await invoke(create("bare"))).toEqual([
      {
        eventId: "bare",
        outcome: "done",
        detail: "created",
        invitationId: idOf("bare@example.com"),
      },
    ]);
    expect(parts.logto.outbox.map(({ to }) => to)).toContain("bare@example.com");
  });

  test("of a list is answered for in its place, whichever ends first", async () => {
    const payload = [
      create("list-1"),
      revoke("list-2", "nobody@example.com"),
      { no: "event" },
      create("list-3"),
      revoke("list-4", "list-1@example.com"),
    ];
    expect(await invoke(payload)).toMatchObject([
      { eventId: "list-1", outcome: "done", detail: "created" },
      { eventId: "list-2" },
      { outcome: "reject", reason: "not-a-cloudevent" },
      { eventId: "list-3", outcome: "done", detail: "created" },
      { eventId: "list-4", outcome: "done", detail: "revoked" },
    ]);
  });

  test("that is rejected is told to whoever asked, and dead-letters nothing", async () => {
    const late = createEvent({
      id: "late",
      time: "2020-01-01T00:00:00Z",
      data: { expiresIn: "P1D" },
    });
    expect(await invoke([late])).toEqual([
      {
        eventId: "late",
        outcome: "reject",
        reason: "expired",
        sentence: expect.stringMatching(/^The invitation expired at 2020-01-02T00:00:00/),
      },
    ]);
    expect(await parts.queues.drain(parts.deadLetterQueueUrl)).toEqual([]);
  });

  test("that may succeed later is told so, and those behind it in its group are not begun", async () => {
    const unknown = { organizationId: "unknown", invitee: "ada@example.com" };
    expect(
      await invoke([create("first", unknown), create("second", unknown), create("other")]),
    ).toMatchObject([
      { eventId: "first", outcome: "retry", reason: "reference-not-found" },
      { outcome: "retry", reason: "not-begun" },
      { eventId: "other", outcome: "done" },
    ]);
  });

  test("of no list at all is answered with no outcome at all", async () => {
    expect(await invoke([])).toEqual([]);
  });

  test("is not begun when the function's time is up", async () => {
    const answer = await invoke(create("no-time"), { deadlineMs: Date.now() + 5_000 });
    expect(answer).toMatchObject([{ outcome: "retry", reason: "not-begun" }]);
    expect(idOf("no-time@example.com")).toBeUndefined();
  });
});

describe("a payload that is no event", () => {
  test.each([
    ["null", null, "not-a-cloudevent"],
    ["text", "text", "not-a-cloudevent"],
    ["an event as text", JSON.stringify(createEvent()), "not-a-cloudevent"],
    ["a number", 7, "not-a-cloudevent"],
    ["an empty object", {}, "not-a-cloudevent"],
    ["records that are no list", { Records: "text" }, "not-a-cloudevent"],
    ["nothing", undefined, "not-a-cloudevent"],
    ["an event of no known type", createEvent({ type: "x" }), "unknown-type"],
    ["an event with a wrong field", createEvent({ data: { invitee: "Ada" } }), "invalid-data"],
  ])("is rejected, and no crash: %s", async (_, payload, reason) => {
    expect(await invoke(payload)).toEqual([
      {
        outcome: "reject",
        reason,
        sentence: expect.stringMatching(/^The message is no onboarding event: .+\.$/),
      },
    ]);
  });

  test("within a list is rejected in its place", async () => {
    expect(await invoke([null, "text", [createEvent()]])).toMatchObject(
      ["not-a-cloudevent", "not-a-cloudevent", "not-a-cloudevent"].map((reason) => ({ reason })),
    );
  });
});

test("an empty batch ends with nothing to come again", async () => {
  expect(await invoke({ Records: [] })).toEqual({ batchItemFailures: [] });
});

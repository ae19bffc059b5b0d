import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReminderRun } from "../../../lib/reconcile/reminder-run.ts";
import type { Window } from "../../../lib/reconcile/window.ts";
import { DAY_MS, HOUR_MS, invitation, NOON } from "./invitation.ts";

const P3D = { text: "P3D", ms: 3 * DAY_MS };
const P6D = { text: "P6D", ms: 6 * DAY_MS };
const window: Window = { since: NOON - HOUR_MS, until: NOON, sendBefore: NOON + 270_000 };
const lasting = { expiresAt: NOON + 30 * DAY_MS };

/** Takes invitations of these creation times, each at its time of the clock; gives those reminded. */
function take(window: Window, times: readonly (readonly [createdAt: number, clock: number])[]) {
  let clock = 0;
  const run = createReminderRun([P3D, P6D], window, () => clock);
  const sent = times.flatMap(([createdAt, at], index) => {
    clock = at;
    const reminder = run.take(invitation({ createdAt, ...lasting }));
    return reminder === undefined ? [] : [`${index}:${reminder.text}`];
  });
  return { sent, run };
}

const threeDaysAgo = NOON - 3 * DAY_MS;
const sixDaysAgo = NOON - 6 * DAY_MS;

describe("the reminders of a run", () => {
  test("are sent up to four and a half minutes after the scheduled time", () => {
    const { sent, run } = take(window, [
      [threeDaysAgo, NOON],
      [threeDaysAgo - 1, NOON + 269_999],
      [threeDaysAgo - 2 * HOUR_MS, NOON + 269_999],
      [sixDaysAgo, NOON + 269_999],
    ]);
    expect(sent).toEqual(["0:P3D", "1:P3D", "3:P6D"]);
    expect(run.report()).toEqual({
      since: "2026-03-01T11:00:00.000Z",
      until: "2026-03-01T12:00:00.000Z",
      due: 3,
    });
  });

  test("are all missed by a run that begins later, and are to be sent by hand", () => {
    const { sent, run } = take(window, [
      [threeDaysAgo, NOON + 270_000],
      [sixDaysAgo, NOON + 270_001],
    ]);
    expect(sent).toEqual([]);
    const asked = { since: "2026-03-01T11:00:00.000Z", until: "2026-03-01T12:00:00.000Z" };
    expect(run.report()).toEqual({ ...asked, due: 0, missed: { count: 2, runByHand: asked } });
  });

  test("are missed from where the time was up, and a run by hand leaves out what was sent", () => {
    const { sent, run } = take(window, [
      [threeDaysAgo, NOON + 269_000],
      [threeDaysAgo - 1, NOON + 270_000],
      [sixDaysAgo, NOON + 300_000],
    ]);
    expect(sent).toEqual(["0:P3D"]);
    expect(run.report().missed).toEqual({
      count: 2,
      runByHand: {
        since: "2026-03-01T11:00:00.000Z",
        until: "2026-03-01T12:00:00.000Z",
        createdBefore: new Date(threeDaysAgo).toISOString(),
      },
    });
  });

  test("of invitations of one moment are sent or missed together", () => {
    const { sent } = take(window, [
      [threeDaysAgo, NOON + 269_999],
      [threeDaysAgo, NOON + 270_001],
      [threeDaysAgo - 1, NOON + 270_002],
      [threeDaysAgo - 1, NOON + 270_003],
    ]);
    expect(sent).toEqual(["0:P3D", "1:P3D"]);
  });

  test("stay missed when the clock goes back", () => {
    const { sent } = take(window, [
      [threeDaysAgo, NOON + 270_000],
      [threeDaysAgo - 1, NOON],
    ]);
    expect(sent).toEqual([]);
  });

  test("are not all known when the list was not read as far as they go", () => {
    const { run } = take(window, [[threeDaysAgo, NOON]]);
    expect(run.report(threeDaysAgo - 1).missed).toEqual({
      runByHand: expect.objectContaining({ createdBefore: new Date(threeDaysAgo).toISOString() }),
    });
    expect(run.report(sixDaysAgo - HOUR_MS)).not.toHaveProperty("missed");
    expect(run.report(sixDaysAgo - HOUR_MS + 1)).toHaveProperty("missed");
  });

  test("are not to be had of invitations created too long ago", () => {
    const { run } = take(window, []);
    expect(run.mayFollow(Number.POSITIVE_INFINITY)).toBe(true);
    expect(run.mayFollow(sixDaysAgo - HOUR_MS + 1)).toBe(true);
    expect(run.mayFollow(sixDaysAgo - HOUR_MS)).toBe(false);
  });
});

describe("reminders that the queue did not take", () => {
  const created = [threeDaysAgo, threeDaysAgo - 1_000, threeDaysAgo - 2_000];
  const planned = () => {
    const { run } = take(
      window,
      created.map((at) => [at, NOON] as const),
    );
    created.forEach((at, index) => {
      run.planned(`remind:${index}`, at);
    });
    return run;
  };

  test("are missed, and made up for from the newest of them", () => {
    const run = planned();
    run.published("remind:0");
    run.published("remind:2");
    run.published("sync:editor");
    expect(run.report()).toMatchObject({
      due: 2,
      missed: {
        count: 1,
        unsent: 1,
        runByHand: { createdBefore: new Date(threeDaysAgo - 1_000 + 1).toISOString() },
      },
    });
  });

  test("are none when it took all", () => {
    const run = planned();
    for (const index of created.keys()) run.published(`remind:${index}`);
    expect(run.report()).toEqual({ ...run.report(), due: 3 });
    expect(run.report()).not.toHaveProperty("missed");
  });
});

test("what a run sends and what a run by hand sends for it is each reminder once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 7 * 24 }), fc.nat(2)), { maxLength: 30 }),
      fc.nat(30),
      fc.option(fc.nat(30), { nil: undefined }),
      (ages, lateFrom, stoppedAt) => {
        const wide: Window = { ...window, since: NOON - DAY_MS };
        const created = ages
          .map(([hours, ms]) => NOON - hours * HOUR_MS - ms)
          .toSorted((a, b) => b - a);
        // A run stops reading between two moments: what comes at once is read at once.
        const readTo = stoppedAt === undefined ? undefined : created[stoppedAt];
        const isRead = (createdAt: number) => readTo === undefined || createdAt >= readTo;
        const times = created
          .filter(isRead)
          .map((createdAt, index) => [createdAt, NOON + (index < lateFrom ? 0 : 270_000)] as const);
        const { sent, run } = take(wide, times);
        const { missed } = run.report(readTo);
        const timely = sent.map((entry) => created[Number(entry.split(":")[0])]);

        const since = Date.parse(missed?.runByHand.since ?? "");
        const until = Date.parse(missed?.runByHand.until ?? "");
        const before = missed?.runByHand.createdBefore;
        const byHand: Window = {
          since,
          until,
          createdBefore: before === undefined ? undefined : Date.parse(before),
          sendBefore: Number.POSITIVE_INFINITY,
        };
        const madeUp = take(
          byHand,
          missed === undefined ? [] : created.map((at) => [at, NOON] as const),
        );
        const later = madeUp.sent.map((entry) => created[Number(entry.split(":")[0])]);

        const all = take(
          wide,
          created.map((at) => [at, NOON] as const),
        ).sent.map((entry) => created[Number(entry.split(":")[0])]);
        expect([...timely, ...later]).toEqual(all);
        if (missed?.count !== undefined) expect(missed.count).toBe(later.length);
      },
    ),
    { numRuns: 500 },
  );
});

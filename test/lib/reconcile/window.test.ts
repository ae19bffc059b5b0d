import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidOptionsError, type ReconcileOptions } from "../../../lib/reconcile/options.ts";
import { dueReminder } from "../../../lib/reconcile/reminders.ts";
import { reminderWindow } from "../../../lib/reconcile/window.ts";
import { DAY_MS, HOUR_MS, invitation, NOON } from "./invitation.ts";

const scheduled = (scheduledAt: number): ReconcileOptions => ({ dryRun: false, scheduledAt });
const byHand = (makeUp: ReconcileOptions["makeUp"]): ReconcileOptions => ({
  dryRun: false,
  makeUp,
});

describe("the window of a scheduled run", () => {
  test("begins with the scheduled time before, and is sent for four and a half minutes", () => {
    expect(reminderWindow(scheduled(NOON), HOUR_MS, NOON + 2_000)).toEqual({
      since: NOON - HOUR_MS,
      until: NOON,
      sendBefore: NOON + 270_000,
    });
  });

  test("is the same whenever the run begins", () => {
    const late = reminderWindow(scheduled(NOON), HOUR_MS, NOON + DAY_MS);
    expect(late).toEqual(reminderWindow(scheduled(NOON), HOUR_MS, NOON));
  });

  test("may be a moment ahead of this machine's clock, and no more", () => {
    expect(reminderWindow(scheduled(NOON), HOUR_MS, NOON - 15_000)).toMatchObject({ until: NOON });
    expect(() => reminderWindow(scheduled(NOON), HOUR_MS, NOON - 15_001)).toThrow(
      "scheduledTime lies in the future",
    );
  });

  test("and those of the next runs have every reminder once, whenever it is due", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24),
        fc.integer({ min: 0, max: 2 * DAY_MS }),
        fc.integer({ min: 1, max: 30 * DAY_MS }),
        (hours, dueAfter, ms) => {
          const everyMs = hours * HOUR_MS;
          const runs = (2 * DAY_MS) / everyMs + 1;
          const due = NOON - HOUR_MS * 12 + dueAfter;
          const pending = invitation({ createdAt: due - ms, expiresAt: NOON + 90 * DAY_MS });
          const windows = Array.from({ length: runs + 1 }, (_, run) => {
            const at = NOON - HOUR_MS * 12 + run * everyMs;
            return reminderWindow(scheduled(at), everyMs, at + 1_000);
          });
          const sent = windows.filter(
            (window) =>
              window !== undefined &&
              dueReminder(pending, [{ text: "P", ms }], window, window.until) !== undefined,
          );
          expect(sent).toHaveLength(1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("the window of a run by hand", () => {
  const now = NOON + 17 * 60_000;

  test("is none where no time is given", () => {
    expect(reminderWindow(byHand(undefined), HOUR_MS, now)).toBeUndefined();
  });

  test("is what is asked for, without haste", () => {
    const makeUp = {
      since: NOON - DAY_MS,
      until: NOON - HOUR_MS,
      createdBefore: NOON - 3 * DAY_MS,
    };
    expect(reminderWindow(byHand(makeUp), HOUR_MS, now)).toEqual({
      ...makeUp,
      sendBefore: Number.POSITIVE_INFINITY,
    });
  });

  test("ends at the last scheduled time, because the next run covers what follows", () => {
    const since = NOON - DAY_MS;
    expect(reminderWindow(byHand({ since }), HOUR_MS, now)).toMatchObject({ until: NOON });
    expect(reminderWindow(byHand({ since }), 6 * HOUR_MS, now + HOUR_MS)).toMatchObject({
      until: NOON,
    });
    expect(reminderWindow(byHand({ since }), HOUR_MS, NOON)).toMatchObject({ until: NOON });
    const next = reminderWindow(scheduled(NOON + HOUR_MS), HOUR_MS, NOON + HOUR_MS);
    expect(next?.since).toBe(NOON);
  });

  test.each([
    ["ends in the future", { since: NOON, until: now + 1 }, "until lies in the future"],
    [
      "is empty",
      { since: NOON - 5, until: NOON - 5 },
      "since must lie before until, 2026-03-01T11:59:59.995Z",
    ],
    ["is upside down", { since: NOON - 5, until: NOON - 6 }, "since must lie before until"],
    [
      "begins after the last scheduled time",
      { since: NOON },
      "since must lie before the last scheduled time, 2026-03-01T12:00:00.000Z",
    ],
  ])("is refused when it %s", (_what, makeUp, words) => {
    expect(() => reminderWindow(byHand(makeUp), HOUR_MS, now)).toThrow(InvalidOptionsError);
    expect(() => reminderWindow(byHand(makeUp), HOUR_MS, now)).toThrow(words);
  });
});

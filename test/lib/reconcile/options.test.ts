import { describe, expect, test } from "vitest";
import { InvalidOptionsError, parseOptions } from "../../../lib/reconcile/options.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");

describe("the options of a run", () => {
  test.each([[undefined], [null], [{}], [""]])("may be none: %j is a run by hand", (payload) => {
    expect(parseOptions(payload)).toEqual({ dryRun: false });
  });

  test("are those of the schedule", () => {
    expect(parseOptions({ scheduledTime: "2026-03-01T12:00:00Z" })).toEqual({
      dryRun: false,
      scheduledAt: NOON,
    });
  });

  test("are taken together", () => {
    expect(parseOptions({ dryRun: true, only: "role-scopes", allowRemovals: 0 })).toEqual({
      dryRun: true,
      only: "role-scopes",
      allowRemovals: 0,
    });
  });

  test("say which reminders to make up for, in any time zone", () => {
    const payload = {
      since: "2026-03-01T10:00:00Z",
      until: "2026-03-01T13:00:00+01:00",
      createdBefore: "2026-02-26T11:30:00.123Z",
    };
    expect(parseOptions(payload).makeUp).toEqual({
      since: NOON - 7_200_000,
      until: NOON,
      createdBefore: Date.parse("2026-02-26T11:30:00.123Z"),
    });
    expect(parseOptions({ since: "2026-03-01T10:00:00Z" }).makeUp).toEqual({
      since: NOON - 7_200_000,
    });
  });

  test.each<[string, unknown, string]>([
    ["a misspelt option", { dryrun: true }, "dryrun is not a known field"],
    ["a misspelt part", { only: "roles" }, 'only must be "role-scopes" or "invitations"'],
    ["text for a truth", { dryRun: "true" }, "dryRun must be true or false"],
    ["half a removal", { allowRemovals: 1.5 }, "allowRemovals must be a whole number"],
    ["less than no removal", { allowRemovals: -1 }, "allowRemovals must be at least 0"],
    ["a time without a zone", { since: "2026-03-01T10:00:00" }, "since must be an RFC 3339 time"],
    ["a day that is none", { scheduledTime: "2026-02-30T10:00:00Z" }, "must be a time that exists"],
    [
      "what the schedule puts in for the time, left as it is",
      { scheduledTime: "<aws.scheduler.scheduled-time>" },
      "scheduledTime must be an RFC 3339 time",
    ],
    ["an end without a beginning", { until: "2026-03-01T10:00:00Z" }, "until needs since"],
    ["a part of no window", { createdBefore: "2026-03-01T10:00:00Z" }, "createdBefore needs since"],
    [
      "a window beside that of the schedule",
      { since: "2026-03-01T10:00:00Z", scheduledTime: "2026-03-01T12:00:00Z" },
      "since must not be given together with scheduledTime",
    ],
    [
      "a window of reminders where only roles are looked at",
      { since: "2026-03-01T10:00:00Z", only: "role-scopes" },
      'since must not be given together with only "role-scopes"',
    ],
    ["an event of another kind", { version: "0", id: "x" }, "version is not a known field"],
    ["a list", [], "it must be an object"],
    ["text", "dryRun", "it must be an object"],
  ])("are refused in one sentence for %s", (_what, payload, words) => {
    expect(() => parseOptions(payload)).toThrow(InvalidOptionsError);
    expect(() => parseOptions(payload)).toThrow(words);
    expect(() => parseOptions(payload)).toThrow(
      /^These are no options of a reconciliation: [^\n]+\.$/,
    );
  });
});

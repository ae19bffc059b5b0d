import { describe, expect, test } from "vitest";
import { parseEvent } from "../../../lib/events/parse.ts";
import { createEvent } from "../../support/events.ts";
import { invitationEvent } from "../../support/invitation-event.ts";
import { problemsOf } from "../../support/problems.ts";

const YEAR_SECONDS = 366 * 86_400;
const CONTROL = "must not contain control characters or broken Unicode";

const parse = (data: Record<string, unknown>) => parseEvent(createEvent({ data }));

const problems = (data: Record<string, unknown>) => problemsOf(parse(data), "invalid-data");

function dataOf(data: Record<string, unknown>) {
  return invitationEvent(parse(data)).data;
}

test("the smallest event parses to exactly what it says", () => {
  expect(parseEvent(createEvent())).toEqual({
    ok: true,
    event: {
      id: "event-1",
      source: "/tests",
      type: "onboarding.invitation.create",
      data: { organizationId: "acme", invitee: "ada@example.com" },
    },
  });
});

describe("data as a whole", () => {
  test.each([null, 5, "text", true])("%j is refused: it is no object", (data) => {
    expect(problemsOf(parseEvent({ ...createEvent(), data }), "invalid-data")).toEqual([
      { path: "data", message: "must be an object" },
    ]);
  });

  test("a list lacks the required fields", () => {
    const parsed = parseEvent({ ...createEvent(), data: [] });
    expect(problemsOf(parsed, "invalid-data")).toEqual([
      { path: "data.organizationId", message: "is required" },
      { path: "data.invitee", message: "is required" },
    ]);
  });

  test("a misspelt field is named, and so is the one it was meant to be", () => {
    const found = problems({ organizationId: undefined, organisationId: "acme" });
    expect(found).toContainEqual({ path: "data.organizationId", message: "is required" });
    expect(found).toContainEqual({ path: "data.organisationId", message: "is not a known field" });
  });

  test("of unknown fields the first is named, beside what is wrong with the known ones", () => {
    expect(problems({ role: "admin", expires: "P7D", invitee: "Ada" })).toEqual([
      { path: "data.invitee", message: "must be an e-mail address" },
      { path: "data.role", message: "is not a known field" },
    ]);
  });

  test.each(["constructor", "toString", "hasOwnProperty"])(
    "a field named like a property of every object (%s) is refused as any other",
    (field) => {
      const event = createEvent({ data: { [field]: 1 } });
      expect(problemsOf(parseEvent(event), "invalid-data")).toEqual([
        { path: `data.${field}`, message: "is not a known field" },
      ]);
    },
  );
});

describe.each(["organizationId", "inviterId"])("%s", (field) => {
  test("is an id of up to 21 characters", () => {
    expect(dataOf({ [field]: "x".repeat(21) })).toMatchObject({ [field]: "x".repeat(21) });
  });

  test.each([
    ["empty", "", "must not be empty"],
    ["null", null, "must be text"],
    ["a number", 7, "must be text"],
    ["longer than Logto's column", "x".repeat(22), "must have at most 21 characters"],
    ["a text with a NUL", "a\0", CONTROL],
    ["a text with DEL", "a\u007f", CONTROL],
    ["a text with half a surrogate pair", "\udc00a", CONTROL],
  ])("that is %s is refused", (_, value, message) => {
    expect(problems({ [field]: value })).toEqual([{ path: `data.${field}`, message }]);
  });
});

describe("invitee", () => {
  test.each([
    ["Ada@Example.COM", "ada@example.com"],
    ["  ada@example.com \n", "ada@example.com"],
    ["\u00a0ada@example.com\u3000", "ada@example.com"],
    ["ÅSA@EXAMPLE.COM", "åsa@example.com"],
    ["ada+team@mail.example.co.uk", "ada+team@mail.example.co.uk"],
  ])("%j is the invitee %s", (invitee, expected) => {
    expect(dataOf({ invitee }).invitee).toBe(expected);
  });

  test("may have 256 characters once it is trimmed", () => {
    const longest = `${"a".repeat(244)}@example.com`;
    expect(dataOf({ invitee: `  ${longest}  ` }).invitee).toBe(longest);
  });

  test.each([
    ["missing", undefined, "is required"],
    ["null", null, "must be text"],
    ["a list", ["ada@example.com"], "must be text"],
    ["empty", "", "must not be empty"],
    ["blank", " \t ", "must not be empty"],
    ["of 257 characters", `${"a".repeat(245)}@example.com`, "must have at most 256 characters"],
    ["with a NUL at its end", "ada@example.com\0", CONTROL],
    ["with a line break inside", "ada\n@example.com", CONTROL],
    ["with half a surrogate pair", "\ud800@example.com", CONTROL],
    ["without @", "ada.example.com", "must be an e-mail address"],
    ["without a dot", "ada@example", "must be an e-mail address"],
    ["without a name", "@example.com", "must be an e-mail address"],
    ["with a display name", "Ada <ada@example.com>", "must be an e-mail address"],
    ["two addresses", "ada@example.com, alan@example.com", "must be an e-mail address"],
  ])("%s is refused", (_, invitee, message) => {
    expect(problems({ invitee })).toEqual([{ path: "data.invitee", message }]);
  });

  test("that is megabytes long is refused for its length", () => {
    const invitee = `${"a@".repeat(500_000)}.`;
    expect(problems({ invitee })).toEqual([
      { path: "data.invitee", message: "must have at most 256 characters" },
    ]);
  });
});

describe("organizationRoleIds", () => {
  test.each([
    ["none", []],
    ["a hundred", Array.from({ length: 100 }, (_, index) => `role-${index}`)],
    ["one by a name of 128 characters", ["n".repeat(128)]],
  ])("%s is taken", (_, organizationRoleIds) => {
    expect(dataOf({ organizationRoleIds })).toMatchObject({ organizationRoleIds });
  });

  test("101 are refused", () => {
    expect(problems({ organizationRoleIds: Array(101).fill("member") })).toEqual([
      { path: "data.organizationRoleIds", message: "must name at most 100 roles" },
    ]);
  });

  test.each([null, "member", { 0: "member", length: 1 }])("%j is no list", (value) => {
    expect(problems({ organizationRoleIds: value })).toEqual([
      { path: "data.organizationRoleIds", message: "must be a list" },
    ]);
  });

  test("each wrong one is named by its place", () => {
    const value = ["member", "", 5, "x".repeat(129), "a\0"];
    expect(problems({ organizationRoleIds: value })).toEqual([
      { path: "data.organizationRoleIds.1", message: "must not be empty" },
      { path: "data.organizationRoleIds.2", message: "must be text" },
      { path: "data.organizationRoleIds.3", message: "must have at most 128 characters" },
      { path: "data.organizationRoleIds.4", message: CONTROL },
    ]);
  });
});

describe("expiresIn", () => {
  const DURATION = "must be an ISO 8601 duration such as P7D or PT12H";

  test.each([
    [1, 1],
    [604_800, 604_800],
    [YEAR_SECONDS, YEAR_SECONDS],
    ["PT1S", 1],
    ["P7D", 604_800],
    ["P1W", 604_800],
    ["P1DT2H3M4S", 93_784],
    ["P366D", YEAR_SECONDS],
  ])("%j is %d seconds", (expiresIn, seconds) => {
    expect(dataOf({ expiresIn })).toMatchObject({ expiresIn: seconds });
  });

  test.each([
    [0, "must be at least one second"],
    [-1, "must be at least one second"],
    [1.5, "must be whole seconds"],
    [YEAR_SECONDS + 1, "must be at most a year"],
    [604_800_000, "must be at most a year"],
    ["P366DT1S", "must be at most a year"],
    ["P99999999999999999999D", DURATION],
    ["PT0S", DURATION],
    ["P1M", DURATION],
    ["P1Y", DURATION],
    ["P", DURATION],
    ["PT", DURATION],
    ["PT1.5S", DURATION],
    ["7d", DURATION],
    ["604800", DURATION],
    ["", DURATION],
    ["-P7D", DURATION],
  ])("%j is refused", (expiresIn, message) => {
    expect(problems({ expiresIn })).toEqual([{ path: "data.expiresIn", message }]);
  });

  test.each([null, true, {}, []])("%j is refused", (expiresIn) => {
    expect(problems({ expiresIn })).toEqual([
      {
        path: "data.expiresIn",
        message: "must be an ISO 8601 duration such as P7D, or a number of seconds",
      },
    ]);
  });

  test("a number too large for JSON is refused", () => {
    const body = JSON.stringify(createEvent({ data: { expiresIn: 0 } })).replace(":0}", ":1e999}");
    expect(problemsOf(parseEvent(JSON.parse(body)), "invalid-data")).toEqual([
      { path: "data.expiresIn", message: "must be whole seconds" },
    ]);
  });
});

describe("expiresAt", () => {
  const EITHER = "must be an RFC 3339 time or epoch milliseconds";

  test.each([
    ["2026-01-31T09:00:00Z", 1_769_850_000_000],
    ["2026-01-31T10:30:00+01:30", 1_769_850_000_000],
    ["2026-01-31T09:00:00.123Z", 1_769_850_000_123],
    [1_769_850_000_000, 1_769_850_000_000],
    [100_000_000_000, 100_000_000_000],
  ])("%j is %d", (expiresAt, epochMs) => {
    expect(dataOf({ expiresAt })).toMatchObject({ expiresAt: epochMs });
  });

  test.each([
    [1_769_850_000, "must be epoch milliseconds, not seconds"],
    [99_999_999_999, "must be epoch milliseconds, not seconds"],
    [0, "must be epoch milliseconds, not seconds"],
    [-1, "must be epoch milliseconds, not seconds"],
    [1_769_850_000_000.5, "must be whole milliseconds"],
    [9_000_000_000_000_000, "must be a time that exists"],
    ["2026-01-31T09:00:00", EITHER],
    ["2026-01-31", EITHER],
    ["1769850000000", EITHER],
    ["P7D", EITHER],
    ["", EITHER],
    [null, EITHER],
    [false, EITHER],
  ])("%j is refused", (expiresAt, message) => {
    expect(problems({ expiresAt })).toEqual([{ path: "data.expiresAt", message }]);
  });

  test("a day that is not in the calendar is refused", () => {
    expect(problems({ expiresAt: "2026-02-30T00:00:00Z" })).toEqual([
      { path: "data.expiresAt", message: EITHER },
    ]);
  });

  test("beside expiresIn is refused, whichever is right", () => {
    expect(problems({ expiresAt: 1_769_850_000_000, expiresIn: "P7D" })).toEqual([
      { path: "data.expiresAt", message: "must not be given together with expiresIn" },
    ]);
  });
});

describe("ifPending", () => {
  test.each(["keep", "resend", "replace"])("%s is taken", (ifPending) => {
    expect(dataOf({ ifPending })).toMatchObject({ ifPending });
  });

  test.each(["Keep", "", "revoke", null, true, {}])("%j is refused with what there is", (value) => {
    const [problem, ...others] = problems({ ifPending: value });
    expect(others).toEqual([]);
    expect(problem?.path).toBe("data.ifPending");
    expect(problem?.message).toMatch(/keep.*resend.*replace/);
  });
});

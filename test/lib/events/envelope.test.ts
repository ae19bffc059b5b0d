import { describe, expect, test } from "vitest";
import { eventTypes } from "../../../lib/events/event.ts";
import { parseEvent, parseEventBody } from "../../../lib/events/parse.ts";
import { createEvent } from "../../support/events.ts";
import { problemsOf } from "../../support/problems.ts";

const problems = (attributes: Record<string, unknown>) =>
  problemsOf(parseEvent(createEvent(attributes)), "not-a-cloudevent");

describe("text that is not one CloudEvent", () => {
  test.each([
    ["nothing at all", ""],
    ["plain text", "This is no JSON."],
    ["JSON that ends too early", '{"specversion":"1.0"'],
    ["JSON after a byte order mark", "\ufeff{}"],
    ["two documents", "{} {}"],
    ["a hundred thousand open brackets", "[".repeat(100_000)],
  ])("%s is not JSON", (_, body) => {
    expect(parseEventBody(body)).toEqual({
      ok: false,
      reason: "not-json",
      problems: [{ path: "", message: "must be JSON" }],
    });
  });

  test.each(["null", "5", "true", '"text"'])("%s is no object", (body) => {
    expect(problemsOf(parseEventBody(body), "not-a-cloudevent")).toEqual([
      { path: "", message: "must be an object" },
    ]);
  });

  test.each(["{}", "[]", "[{}]"])(
    "%s lacks every required attribute, and each is named",
    (body) => {
      expect(problemsOf(parseEventBody(body), "not-a-cloudevent")).toEqual(
        ["specversion", "id", "source", "type", "data"].map((path) => ({
          path,
          message: "is required",
        })),
      );
    },
  );
});

describe("specversion", () => {
  test.each(["0.3", "1.0.2", "", 1, null])("%j is refused", (specversion) => {
    expect(problems({ specversion })).toEqual([{ path: "specversion", message: 'must be "1.0"' }]);
  });
});

describe.each(["id", "source", "type"])("%s", (attribute) => {
  test.each([
    ["missing", undefined, "is required"],
    ["empty", "", "must not be empty"],
    ["null", null, "must be text"],
    ["a number", 7, "must be text"],
    ["too long", "x".repeat(257), "must have at most 256 characters"],
    ["with a NUL", "a\0b", "must not contain control characters or broken Unicode"],
    ["with a line break", "a\nb", "must not contain control characters or broken Unicode"],
    ["with a C1 control", "a\u0085b", "must not contain control characters or broken Unicode"],
    [
      "with half a surrogate pair",
      "a\ud83d",
      "must not contain control characters or broken Unicode",
    ],
  ])("that is %s is refused", (_, value, message) => {
    expect(problems({ [attribute]: value })).toEqual([{ path: attribute, message }]);
  });
});

test("id and source of 256 characters are taken, emoji among them", () => {
  const longest = `${"x".repeat(254)}🎉`;
  expect(parseEvent(createEvent({ id: longest, source: longest }))).toMatchObject({
    ok: true,
    event: { id: longest, source: longest },
  });
});

test("an id with a character that SQS refuses in messages and attributes is refused", () => {
  // SQS takes what XML 1.0 takes: U+FFFE and U+FFFF are not in it. Such an id could be published
  // escaped, but its dead letter could never be sent.
  expect(parseEvent(createEvent({ id: "a\uffff" }))).toMatchObject({ ok: false });
});

test("an event of another type is refused with the types there are", () => {
  const event = createEvent({ type: "onboarding.invitation.cancel" });
  expect(problemsOf(parseEvent(event), "unknown-type")).toEqual([
    { path: "type", message: `must be one of ${eventTypes.join(", ")}` },
  ]);
});

test("a type is compared in its exact letter case", () => {
  const event = createEvent({ type: "Onboarding.Invitation.Create" });
  problemsOf(parseEvent(event), "unknown-type");
});

describe("time", () => {
  const ZONE = "must be an RFC 3339 time with a time zone, such as 2026-01-31T09:00:00Z";

  test.each([
    "2026-01-31T09:00:00Z",
    "2026-01-31T09:00:00.123456789Z",
    "2026-01-31T09:00:00+05:30",
    "2026-01-31T09:00:00-00:00",
    "2028-02-29T00:00:00Z",
  ])("%s is taken and kept as it is written", (time) => {
    expect(parseEvent(createEvent({ time }))).toMatchObject({ ok: true, event: { time } });
  });

  test.each([
    "2026-01-31T09:00:00",
    "2026-01-31",
    "2026-01-31T09:00Z",
    "2026-01-31T25:00:00Z",
    "2026-13-01T00:00:00Z",
    " 2026-01-31T09:00:00Z",
    "yesterday",
    "",
    "1769850000000",
  ])("%j is refused", (time) => {
    expect(problems({ time })).toEqual([{ path: "time", message: ZONE }]);
  });

  test.each([1_769_850_000_000, true, {}])("%j is refused: it is no text", (time) => {
    expect(problems({ time })).toEqual([{ path: "time", message: "must be text" }]);
  });

  test.each(["2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2027-02-29T00:00:00Z"])(
    "%s is refused: there is no such day",
    (time) => {
      expect(problems({ time })).toEqual([{ path: "time", message: "must be a time that exists" }]);
    },
  );

  test("an event without it has none after parsing", () => {
    const parsed = parseEvent(createEvent());
    expect(parsed.ok && "time" in parsed.event).toBe(false);
  });
});

describe("traceparent", () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  test("a W3C trace context is kept", () => {
    expect(parseEvent(createEvent({ traceparent }))).toMatchObject({
      ok: true,
      event: { traceparent },
    });
  });

  test.each(["", "00-abc-def-01", traceparent.toUpperCase(), `${traceparent}\n`, 7, {}])(
    "%j counts as none, as W3C asks",
    (value) => {
      const parsed = parseEvent(createEvent({ traceparent: value }));
      expect(parsed).toMatchObject({ ok: true });
      expect(parsed.ok && "traceparent" in parsed.event).toBe(false);
    },
  );
});

describe("datacontenttype", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/vnd.acme.event+json",
    "Application/JSON",
  ])("%s is taken", (datacontenttype) => {
    expect(parseEvent(createEvent({ datacontenttype }))).toMatchObject({ ok: true });
  });

  test.each(["application/xml", "text/plain", "application/jsonx", ""])(
    "%j is refused",
    (datacontenttype) => {
      expect(problems({ datacontenttype })).toEqual([
        { path: "datacontenttype", message: "must be application/json" },
      ]);
    },
  );
});

test.each(["time", "traceparent", "datacontenttype"])(
  "%s: null is the same as leaving it out, as CloudEvents' JSON format asks",
  (attribute) => {
    const parsed = parseEvent(createEvent({ [attribute]: null }));
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && attribute in parsed.event).toBe(false);
  },
);

test("extension attributes are let through and not read", () => {
  const parsed = parseEvent(createEvent({ partitionkey: "acme", sampledrate: 30, subject: null }));
  expect(parsed).toMatchObject({ ok: true });
  expect(parsed.ok && "partitionkey" in parsed.event).toBe(false);
});

test("every wrong attribute is told of in one go", () => {
  const paths = problems({ specversion: "2", id: "", time: "now" }).map(({ path }) => path);
  expect(paths).toEqual(["specversion", "id", "time"]);
});

import { describe, expect, test } from "vitest";
import {
  anyText,
  durationSeconds,
  positiveNumber,
  SettingsError,
  settingsReader,
  url,
  wholeNumber,
} from "../../../lib/runtime/settings.ts";

const name = anyText("the name of the secret");

describe("a required setting", () => {
  test("is read, without the space around it", () => {
    expect(settingsReader({ SECRET: " logto \n" }).required("SECRET", name)).toBe("logto");
  });

  test.each([
    ["missing", {}],
    ["undefined", { SECRET: undefined }],
    ["empty", { SECRET: "" }],
    ["blank", { SECRET: " \t" }],
  ])("that is %s is an error that says what to set it to", (_, environment) => {
    const read = () => settingsReader(environment).required("SECRET", name);
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(/^SECRET is not set: set it to the name of the secret\.$/);
  });

  test("of the wrong kind is an error that names the variable and not its value", () => {
    const settings = settingsReader({ QUEUE_URL: "s3cr3t" });
    expect(() => settings.required("QUEUE_URL", url("the URL of the queue"))).toThrow(
      /^QUEUE_URL cannot be used: set it to the URL of the queue\.$/,
    );
  });
});

describe("an optional setting", () => {
  test.each([{}, { TTL: "" }, { TTL: "  " }])(
    "that is not set (%j) is its default",
    (environment) => {
      expect(settingsReader(environment).optional("TTL", durationSeconds, 300)).toBe(300);
    },
  );

  test("is read when it is set", () => {
    expect(settingsReader({ TTL: "PT1M" }).optional("TTL", durationSeconds, 300)).toBe(60);
  });

  test("of the wrong kind is an error, not its default", () => {
    expect(() => settingsReader({ TTL: "60" }).optional("TTL", durationSeconds, 300)).toThrow(
      /^TTL cannot be used: set it to an ISO 8601 duration such as PT10S or P7D\.$/,
    );
  });

  test("may be zero: that is a value, not a missing one", () => {
    expect(settingsReader({ COUNT: "0" }).optional("COUNT", wholeNumber(0), 5)).toBe(0);
  });
});

describe("kinds", () => {
  test.each([
    ["a whole number", wholeNumber(1), "1", 1],
    ["a whole number", wholeNumber(1), "200", 200],
    ["a number", positiveNumber, "0.5", 0.5],
    ["a duration", durationSeconds, "PT10S", 10],
  ])("%s takes %2$s", (_, kind, text, value) => {
    expect(kind.parse(text)).toBe(value);
  });

  test.each([
    ["a whole number of at least 1", wholeNumber(1), "0"],
    ["a whole number of at least 1", wholeNumber(1), "-1"],
    ["a whole number of at least 1", wholeNumber(1), "1.5"],
    ["a whole number of at least 1", wholeNumber(1), "two"],
    ["a whole number of at least 1", wholeNumber(1), "1,000"],
    ["a whole number of at least 1", wholeNumber(1), "9007199254740993"],
    ["a whole number of at least 1", wholeNumber(1), "Infinity"],
    ["a number above 0", positiveNumber, "0"],
    ["a number above 0", positiveNumber, "-0.5"],
    ["a number above 0", positiveNumber, "NaN"],
    ["a number above 0", positiveNumber, "Infinity"],
    ["a number above 0", positiveNumber, "20/s"],
    ["an ISO 8601 duration such as PT10S or P7D", durationSeconds, "PT0S"],
    ["an ISO 8601 duration such as PT10S or P7D", durationSeconds, "10"],
    ["an ISO 8601 duration such as PT10S or P7D", durationSeconds, "P1M"],
  ])("%s is not %3$s", (expects, kind, text) => {
    expect(kind.parse(text)).toBeUndefined();
    expect(kind.expects).toBe(expects);
  });

  test.each(["https://sqs.us-east-1.amazonaws.com/0/q.fifo", "http://127.0.0.1:4566/0/q"])(
    "a URL is %s, as it is written",
    (text) => {
      expect(url("a URL").parse(text)).toBe(text);
    },
  );

  test.each(["q.fifo", "arn:aws:sqs:us-east-1:0:q", "ftp://a.b/c", "//a.b/c", "https://", "/0/q"])(
    "a URL is not %s",
    (text) => {
      expect(url("a URL").parse(text)).toBeUndefined();
    },
  );
});

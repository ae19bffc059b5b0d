import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonProblem } from "../../bin/json-problem.ts";

/** What is told of a text that is not JSON. */
function problemOf(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return jsonProblem(text);
  }
  return expect.fail("it is JSON");
}

describe("where JSON ends being JSON", () => {
  test.each([
    ["a comma before the end of an object", '{\n  "a": 1,\n}', 3, 1],
    ["a missing comma", '{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ["a name without quotes", "{\n  a: 1\n}", 2, 3],
    ["a line break in a text", '{\n  "a": "one\ntwo"\n}', 2, 8],
    ["a second document", "{}\n{}", 2, 1],
    ["a missing end", '{\n  "a": 1\n', 3, 1],
  ])("is found: %s", (_, text, line, column) => {
    expect(problemOf(text)).toMatch(new RegExp(`^:${line}:${column}: this is not JSON \\(`));
  });

  test.each([
    ["a misspelt word", '{\n  "a": tru,\n  "b": 1\n}', 2, 8],
    ["a value without quotes", '{\n  "a": x,\n  "b": 1\n}', 2, 8],
    ["two commas", "[\n  1,,\n  2\n]", 2, 5],
    ["plain text", "This is\nno JSON.\n", 1, 1],
    ["a byte order mark", "\ufeff{}\n", 1, 1],
  ])("is found also where V8 does not say where it is: %s", (_, text, line, column) => {
    expect(problemOf(text)).toMatch(new RegExp(`^:${line}:${column}: `));
  });
});

describe("why it is not JSON", () => {
  test.each([
    ["a comma before the end of an object", '{"a": 1,}', "property name expected"],
    ["a missing comma", '{"a": 1 "b": 2}', "comma expected"],
    ["two commas", "[1,,2]", "value expected"],
    ["a missing end", '{"a": "b', "unexpected end of string"],
    ["a missing end of everything", "[", "close bracket expected"],
  ])("is said in full: %s", (_, text, reason) => {
    expect(problemOf(text)).toMatch(/^:1:\d+: this is not JSON \(.*\)\.$/);
    expect(problemOf(text)).toContain(`(${reason})`);
  });

  test("is one line, and quotes nothing of the text", () => {
    const secret = "canary@secret.example";
    const broken = fc.tuple(fc.json(), fc.nat()).map(([json, at]) => {
      const text = `{\n "invitee": "${secret}",\n "value": ${json}\n}`;
      return text.slice(0, at % text.length);
    });
    fc.assert(
      fc.property(broken, (text) => {
        const problem = problemOf(text);
        expect(problem).not.toContain("\n");
        expect(problem).not.toContain("canary");
      }),
    );
  });

  test("of a text that breaks off at a line's end is one line as well", () => {
    expect(problemOf('{\n  "a": tru\n}')).not.toContain("\n");
  });
});

test.each(["", " ", "\n\n"])("a blank text (%j) is called empty", (text) => {
  expect(problemOf(text)).toBe(": it is empty, expected an event or a list of events as JSON.");
});

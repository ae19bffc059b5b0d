import { describe, expect, test } from "vitest";
import {
  isNameOf,
  isResourceIndicator,
  quotedName,
  shownName,
} from "../../../lib/role-scopes/names.ts";

describe("a resource indicator", () => {
  test.each([
    "https://api.example.com",
    "https://api.example.com/",
    "https://api.example.com/v1?x=#y",
    "urn:example:api",
    "api:x",
    "https://äpi.example.com",
  ])("is an absolute URI: %s", (indicator) => {
    expect(isResourceIndicator(indicator)).toBe(true);
  });

  test.each([
    "",
    "prune",
    "api.example.com",
    "//api.example.com",
    "/v1",
    ":x",
    "1a:x",
    "api:",
    "https://api example.com",
    " https://api.example.com",
    "https://api.example.com\n",
    "https://api.example.com\u0007",
    "https://api.example.com\u0085",
    "https://api.example.com\u2028",
  ])("is nothing else: %j", (indicator) => {
    expect(isResourceIndicator(indicator)).toBe(false);
  });
});

test("a name has 1 to so many characters, an emoji being one", () => {
  expect(isNameOf(3, "")).toBe(false);
  expect(isNameOf(3, "abc")).toBe(true);
  expect(isNameOf(3, "abcd")).toBe(false);
  expect(isNameOf(3, "🦊🦊🦊")).toBe(true);
  expect(isNameOf(3, "🦊🦊🦊🦊")).toBe(false);
});

describe("a name that is shown", () => {
  test.each(["admin", "https://api.example.com/v1?x=#y", "read:all", "äöü", "管理者", "🦊"])(
    "stands as it is: %s",
    (name) => {
      expect(shownName(name)).toBe(name);
    },
  );

  test.each([
    ["", '""'],
    ["two words", '"two words"'],
    [" read", '" read"'],
    ["a,b", '"a,b"'],
    ['say "yes"', '"say \\"yes\\""'],
    ["\u001B[31mred", '"\\u{1b}[31mred"'],
    ["a\nb", '"a\\u{a}b"'],
    ["a\u202Eb", '"a\\u{202e}b"'],
    ["a\u0085b", '"a\\u{85}b"'],
    ["\u{E0041}", '"\\u{e0041}"'],
  ])("is in quotes and without orders to a terminal: %j", (name, shown) => {
    expect(shownName(name)).toBe(shown);
    expect(quotedName(name)).toBe(shown);
  });
});

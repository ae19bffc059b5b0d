import type * as v from "valibot";

/** One thing wrong with an event: where, and what is expected there. Never what was found. */
export type Problem = { readonly path: string; readonly message: string };

/** What a schema found wrong, in words that quote nothing of the value: it may be an address. */
export function describeIssue(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => safeKey(key)).join(".");
  return { path, message: messageOf(issue) };
}

/** How many problems a sentence tells of: a list may be wrong from end to end. */
const PROBLEMS_TOLD = 10;

/** The problems as one sentence. */
export function problemsSentence(problems: readonly Problem[]): string {
  const told = problems
    .slice(0, PROBLEMS_TOLD)
    .map(({ path, message }) => `${path === "" ? "it" : path} ${message}`);
  const untold = problems.length - told.length;
  return `${told.join("; ")}${untold === 0 ? "" : `; and ${untold} more`}.`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "must be text",
  number: "must be a number",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be an object",
  strict_object: "must be an object",
  loose_object: "must be an object",
  object_with_rest: "must be an object",
};

function messageOf(issue: v.BaseIssue<unknown>): string {
  // The library's own messages begin with "Invalid" and quote the value. Those of the contract don't.
  if (!issue.message.startsWith("Invalid ")) return issue.message;
  if (issue.expected === "never") return "is not a known field";
  if (issue.received === "undefined") return "is required";
  if (issue.type === "variant" && issue.path === undefined) return "must be an object";
  return TYPE_WORDS[issue.type] ?? `must be ${issue.expected ?? "something else"}`;
}

// A field's name comes from the publisher too: an address used as a key must not be repeated.
const safeKey = (key: unknown): string =>
  typeof key === "number" || (typeof key === "string" && /^[A-Za-z_][\w-]{0,63}$/.test(key))
    ? String(key)
    : "(a field)";

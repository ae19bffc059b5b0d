import { expect, test } from "vitest";
import { inTermsOf } from "../../bin/explain.ts";

const SET = { LOGTO_ENDPOINT: "e", LOGTO_APP_ID: "a", LOGTO_APP_SECRET: "s" };

test.each([
  ["check appId in the secret (400).", "check LOGTO_APP_ID (400)."],
  ["check endpoint and resource in the secret.", "check LOGTO_ENDPOINT and LOGTO_RESOURCE."],
  ["The API resource fails.", "The API resource fails."],
])("of credentials in the environment names variables: %s", (sentence, expected) => {
  expect(inTermsOf(SET, sentence)).toBe(expected);
  expect(inTermsOf({ ...SET, LOGTO_APP_ID: "" }, sentence)).toBe(sentence);
});

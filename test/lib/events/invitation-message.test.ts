import { describe, expect, test } from "vitest";
import { parseEvent } from "../../../lib/events/parse.ts";
import { createEvent } from "../../support/events.ts";
import { problemsOf } from "../../support/problems.ts";

const CONTROL = "must not contain control characters or broken Unicode";
const EITHER = "must be false, or an object of at most 50 variables of the e-mail";

const PLACEHOLDERS =
  "must have no other placeholders than {organizationId}, {invitee}, {invitationId}, {oneTimeToken}";

const parse = (message: unknown) => parseEvent(createEvent({ data: { message } }));
const problems = (message: unknown) => problemsOf(parse(message), "invalid-data");

const variables = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`variable${index}`, index]));

describe("message", () => {
  test.each([
    ["false: no e-mail", false],
    ["nothing but the defaults", {}],
    ["a locale and a link", { locale: "pt-BR", link: "https://app.example.com/join" }],
    ["texts, numbers and booleans", { team: "Analysts 🎉", seats: 3, trial: true, left: -0.5 }],
    [
      "a link with every placeholder there is",
      { link: "https://a.b/{organizationId}/{invitee}/{invitationId}?token={oneTimeToken}" },
    ],
    ["braces in a text that is no link", { team: "{anything}" }],
    ["fifty variables", variables(50)],
    ["texts of 2,048 characters", { team: "x".repeat(2_048), link: "x".repeat(2_048) }],
  ])("may be %s", (_, message) => {
    expect(parse(message)).toMatchObject({ ok: true, event: { data: { message } } });
  });

  test.each([true, null, 0, "", "no", "false"])("%j is refused", (message) => {
    expect(problems(message)).toEqual([{ path: "data.message", message: EITHER }]);
  });

  test.each([[[]], [["Welcome!"]], [[{ locale: "en" }]]])("a list (%j) is refused", (message) => {
    expect(problems(message)).toEqual([{ path: "data.message", message: EITHER }]);
  });

  test("of 51 variables is refused, and were there a hundred thousand, as one problem", () => {
    const wrong = Object.keys(variables(100_000)).map((name) => [name, []]);
    for (const message of [variables(51), Object.fromEntries(wrong)]) {
      expect(problems(message)).toEqual([{ path: "data.message", message: EITHER }]);
      const resend = createEvent({ type: "onboarding.invitation.resend", data: { message } });
      expect(problemsOf(parseEvent(resend), "invalid-data")).toEqual([
        { path: "data.message", message: "must have at most 50 variables" },
      ]);
    }
  });

  test.each([
    ["an empty link", { link: "" }, "link", "must not be empty"],
    [
      "a link of 2,049 characters",
      { link: "x".repeat(2_049) },
      "link",
      "must have at most 2048 characters",
    ],
    ["a link with a line break", { link: "https://a\n.b" }, "link", CONTROL],
    [
      "a locale of 65 characters",
      { locale: "x".repeat(65) },
      "locale",
      "must have at most 64 characters",
    ],
    ["an empty variable", { team: "" }, "team", "must not be empty"],
    [
      "a variable of 2,049 characters",
      { team: "x".repeat(2_049) },
      "team",
      "must have at most 2048 characters",
    ],
    ["a variable with a NUL", { team: "a\0" }, "team", CONTROL],
    ["a variable with half a surrogate pair", { team: "\ud83d" }, "team", CONTROL],
    ["an unknown placeholder in the link", { link: "https://a.b/{token}" }, "link", PLACEHOLDERS],
    ["an empty placeholder in the link", { link: "https://a.b/{}" }, "link", PLACEHOLDERS],
    ["a misspelt placeholder", { link: "https://a.b/{organizationID}" }, "link", PLACEHOLDERS],
  ])("with %s is refused, and the variable named", (_, message, variable, complaint) => {
    expect(problems(message)).toEqual([{ path: `data.message.${variable}`, message: complaint }]);
  });

  test.each([
    ["a link that is no text", { link: 5 }],
    ["a variable that is an object", { team: { name: "Analysts" } }],
    ["a variable that is a list", { team: ["Analysts"] }],
    ["a variable that is null", { team: null }],
  ])("with %s is refused", (_, message) => {
    expect(problems(message)[0]?.path).toMatch(/^data\.message/);
  });

  test("with a variable whose name holds a control character is refused", () => {
    expect(parse({ "a\0": "text" })).toMatchObject({ ok: false });
  });

  test("with a variable named like an object's own machinery changes no prototype", () => {
    const body = '{"__proto__": {"polluted": true}, "locale": "en"}';
    expect(parse(JSON.parse(body))).toMatchObject({ ok: true });
    expect("polluted" in {}).toBe(false);
  });
});

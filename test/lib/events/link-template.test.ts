import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fillLink,
  hasPlaceholder,
  unknownPlaceholders,
} from "../../../lib/events/link-template.ts";

describe("filling a link", () => {
  test("puts in every place what is known, URL-encoded", () => {
    const link = "https://a.example/{organizationId}?for={invitee}&again={organizationId}";
    const values = { organizationId: "a/c?m&e", invitee: "ada+1@example.com" };
    expect(fillLink(link, values)).toBe(
      "https://a.example/a%2Fc%3Fm%26e?for=ada%2B1%40example.com&again=a%2Fc%3Fm%26e",
    );
  });

  test("leaves a placeholder without a value, for whoever has the value later", () => {
    const link = "https://a.example/{invitationId}?for={invitee}";
    expect(fillLink(link, { invitee: "a@b.example" })).toBe(
      "https://a.example/{invitationId}?for=a%40b.example",
    );
  });

  test("takes a value for text, whatever replacement patterns or placeholders are in it", () => {
    const value = "$& {oneTimeToken} $1";
    const filled = fillLink("https://a.example/{invitee}", { invitee: value, oneTimeToken: "t" });
    expect(filled).toBe(`https://a.example/${encodeURIComponent(value)}`);
  });

  test("gives a URL from which the values come back, whatever they are", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    fc.assert(
      fc.property(text, text, (organizationId, invitee) => {
        const link = "https://a.example/?organization={organizationId}&invitee={invitee}";
        const { searchParams } = new URL(fillLink(link, { organizationId, invitee }));
        expect(Object.fromEntries(searchParams)).toEqual({ organization: organizationId, invitee });
      }),
    );
  });
});

test("a link has a placeholder only when it stands there in braces", () => {
  expect(hasPlaceholder("https://a.example/{invitee}", "invitee")).toBe(true);
  expect(hasPlaceholder("https://a.example/invitee", "invitee")).toBe(false);
  expect(hasPlaceholder(undefined, "invitee")).toBe(false);
});

test("names in braces that nothing is filled in for are found", () => {
  expect(unknownPlaceholders("https://a.example/{invitee}/{token}/{}/{Invitee}")).toEqual([
    "token",
    "",
    "Invitee",
  ]);
  expect(unknownPlaceholders("https://a.example/{open/close}/{{invitee}}")).toEqual(["open/close"]);
});

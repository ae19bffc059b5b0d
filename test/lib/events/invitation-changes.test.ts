import { describe, expect, test } from "vitest";
import { parseEvent } from "../../../lib/events/parse.ts";
import { createEvent, type Json } from "../../support/events.ts";
import { problemsOf } from "../../support/problems.ts";

/** What each type needs beside organization and invitee. */
const changes = [
  ["resend", {}],
  ["accept", { acceptedUserId: "user-1" }],
  ["revoke", {}],
  ["delete", {}],
] as const;

const event = (change: string, data: Json) =>
  createEvent({ type: `onboarding.invitation.${change}`, data });
const problems = (change: string, data: Json) =>
  problemsOf(parseEvent(event(change, data)), "invalid-data");

describe.each(changes)("onboarding.invitation.%s", (change, needed) => {
  test("names an invitation by organization and invitee, trimmed and lower-cased", () => {
    expect(parseEvent(event(change, { invitee: " Ada@Example.com", ...needed }))).toMatchObject({
      ok: true,
      event: {
        type: `onboarding.invitation.${change}`,
        data: { organizationId: "acme", invitee: "ada@example.com" },
      },
    });
  });

  test("may name one of several by its id", () => {
    const data = { ...needed, invitationId: "i".repeat(21) };
    expect(parseEvent(event(change, data))).toMatchObject({ ok: true, event: { data } });
  });

  test.each([
    ["an empty id", { invitationId: "" }, "invitationId", "must not be empty"],
    [
      "a long id",
      { invitationId: "i".repeat(22) },
      "invitationId",
      "must have at most 21 characters",
    ],
    ["an id that is null", { invitationId: null }, "invitationId", "must be text"],
    [
      "an id without its invitee",
      { invitationId: "i", invitee: undefined },
      "invitee",
      "is required",
    ],
    ["no organization", { organizationId: undefined }, "organizationId", "is required"],
    ["roles", { organizationRoleIds: [] }, "organizationRoleIds", "is not a known field"],
    ["a lifetime", { expiresIn: "P7D" }, "expiresIn", "is not a known field"],
  ])("with %s is refused", (_, data, field, message) => {
    expect(problems(change, { ...needed, ...data })).toEqual([{ path: `data.${field}`, message }]);
  });
});

describe("onboarding.invitation.accept", () => {
  test.each([
    ["missing", undefined, "is required"],
    ["empty", "", "must not be empty"],
    ["null", null, "must be text"],
    ["too long", "u".repeat(22), "must have at most 21 characters"],
  ])("with an acceptedUserId that is %s is refused", (_, acceptedUserId, message) => {
    expect(problems("accept", { acceptedUserId })).toEqual([
      { path: "data.acceptedUserId", message },
    ]);
  });
});

describe("onboarding.invitation.resend", () => {
  test("may say what the e-mail says", () => {
    const data = { message: { locale: "de", link: "https://a.example/{oneTimeToken}" } };
    expect(parseEvent(event("resend", data))).toMatchObject({ ok: true, event: { data } });
  });

  test.each([false, true, null, "text"])("with message %j is refused: it sends one", (message) => {
    expect(problems("resend", { message })).toEqual([
      { path: "data.message", message: "must be an object" },
    ]);
  });

  test("with a list for a message is refused", () => {
    expect(parseEvent(event("resend", { message: ["text"] }))).toMatchObject({ ok: false });
  });
});

describe("onlyIfPending", () => {
  test.each([true, false])("of a resend may be %j", (onlyIfPending) => {
    const data = { onlyIfPending };
    expect(parseEvent(event("resend", data))).toMatchObject({ ok: true, event: { data } });
  });

  test.each([null, "true", 1, {}])("of a resend is not %j", (onlyIfPending) => {
    expect(problems("resend", { onlyIfPending })).toEqual([
      { path: "data.onlyIfPending", message: "must be true or false" },
    ]);
  });

  test.each(["accept", "revoke", "delete"])("is no field of %s", (change) => {
    const data = { onlyIfPending: true, ...(change === "accept" ? { acceptedUserId: "u" } : {}) };
    expect(problems(change, data)).toEqual([
      { path: "data.onlyIfPending", message: "is not a known field" },
    ]);
  });
});

test.each(["revoke", "delete"])("%s sends no e-mail: message is no field of it", (change) => {
  expect(problems(change, { message: {} })).toEqual([
    { path: "data.message", message: "is not a known field" },
  ]);
});

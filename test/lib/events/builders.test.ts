import { expect, test } from "vitest";
import {
  invitationCreate,
  invitationRevoke,
  roleScopesSync,
} from "../../../lib/events/builders.ts";
import { eventMessage } from "../../../lib/events/message.ts";

const NOW = Date.parse("2026-01-31T09:00:00Z");
const which = { organizationId: "acme", invitee: "Ada@example.com" };

test("a builder makes the message that the CloudEvent itself would be", () => {
  const given = { id: "1", source: "/crm", data: which };
  const event = {
    ...given,
    specversion: "1.0",
    type: "onboarding.invitation.revoke",
    datacontenttype: "application/json",
  };
  expect({ ok: true, message: invitationRevoke(given, NOW) }).toEqual(eventMessage(event, NOW));
});

test("an event without a time gets that of now, and keeps the one it has", () => {
  const given = { id: "1", source: "/crm", data: which };
  const timeOf = (body: string): unknown => JSON.parse(body).time;
  expect(timeOf(invitationCreate(given, NOW).body)).toBe("2026-01-31T09:00:00.000Z");
  const time = "2026-01-01T00:00:00Z";
  expect(timeOf(invitationCreate({ ...given, time }, NOW).body)).toBe(time);
});

test("an event that is wrong is refused with all that is wrong, and nothing of it", () => {
  const given = { id: "", source: "/crm", data: { role: "secret@example.com", scopes: [""] } };
  expect(() => roleScopesSync(given)).toThrow(
    "The event cannot be published: id must not be empty.",
  );
  expect(() => roleScopesSync({ ...given, id: "1" })).toThrow(
    "The event cannot be published: data.scopes.0 must not be empty.",
  );
});

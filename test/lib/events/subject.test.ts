import { expect, test } from "vitest";
import { parseEvent } from "../../../lib/events/parse.ts";
import { subjectOf } from "../../../lib/events/subject.ts";
import { createEvent, type Json } from "../../support/events.ts";
import { roleScopesJson } from "../../support/role-scopes-event.ts";

function subject(event: Json) {
  const parsed = parseEvent(event);
  return parsed.ok ? subjectOf(parsed.event) : expect.fail(JSON.stringify(parsed.problems));
}

test("the subject of an invitation event is its organization, and nobody in it", () => {
  expect(subject(createEvent())).toEqual({ organizationId: "acme" });
});

test("the subject of a role-scopes event is its role as the event names it", () => {
  for (const role of ["member", "Geschäftsführung (EU)"]) {
    expect(subject(roleScopesJson("sync", { role }))).toEqual({ role });
  }
});

test("an address that was put in its place is not told", () => {
  const address = "ada@example.com";
  for (const event of [
    createEvent({ data: { organizationId: address } }),
    roleScopesJson("assign", { role: address }),
  ]) {
    expect(JSON.stringify(subject(event))).not.toContain("ada");
  }
});

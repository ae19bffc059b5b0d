import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEvent } from "../../../lib/events/parse.ts";
import { InvalidArgumentError } from "../../../lib/logto/arguments.ts";
import { LogtoError } from "../../../lib/logto/errors.ts";
import { invitationEvent } from "../../support/invitation-event.ts";
import { type EventWord, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Any UTF-16 code units: control characters, halves of surrogate pairs and all. */
const anyCodeUnits = fc.string({
  unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});

const troublesome = fc.constantFrom(
  ...["", " ", "\u00a0", ".", "..", "../..", "a/b", "?a=b", "#", "%", "%00", "%2e%2e", "\\"],
  ...["\0", "a\0", "\u0085", "\ud800", "\uffff", "🎉", "__proto__", "constructor", "$&", "'--"],
  ...["{invitee}", "{organizationId}{invitee}{invitationId}{oneTimeToken}", "{x}", "{{invitee}}"],
);

const short = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  anyCodeUnits,
  troublesome,
);

const text = fc.oneof(
  { weight: 5, arbitrary: short },
  {
    weight: 1,
    arbitrary: fc
      .tuple(short, fc.constantFrom(21, 22, 128, 129, 256, 257, 2048, 2049, 5000))
      .map(([piece, length]) => (piece === "" ? "x" : piece).repeat(length).slice(0, length)),
  },
);

/** What looks like an address, and what does not. */
const address = fc.oneof(
  text,
  text.map((local) => `${local}@example.com`),
  text.map((domain) => `ada@${domain}.com`),
  fc.constantFrom("İ@EXAMPLE.COM", "ß@example.com", `${"a".repeat(244)}@example.com`, "a@b.c"),
);

const variables = fc
  .record({ link: text, locale: text }, { requiredKeys: [] })
  .chain((own) =>
    fc
      .dictionary(text, fc.oneof(text, fc.double(), fc.boolean()), { maxKeys: 3 })
      .map((others) => ({ ...others, ...own })),
  );

const roleIds = fc.array(fc.oneof(text, fc.constant("member")), { maxLength: 3 });

/** Per word, what may be any text beside organization and invitee. */
const fieldsOf: Readonly<Record<EventWord, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  create: { inviterId: text, organizationRoleIds: roleIds, message: variables },
  resend: { invitationId: text, message: variables },
  accept: { invitationId: text, acceptedUserId: text },
  revoke: { invitationId: text },
  delete: { invitationId: text },
};

const words: readonly EventWord[] = ["create", "resend", "accept", "revoke", "delete"];

/** One or two fields of the event are any text, the others as they should be. */
const anyEvent = fc.constantFrom(...words).chain((word) => {
  const fields = { organizationId: text, invitee: address, ...fieldsOf[word] };
  return fc
    .subarray(Object.entries(fields), { minLength: 1, maxLength: 2 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)))
    .map((data) => ({ word, data }));
});

test("no text in an event makes Logto fail, or the handler throw what it should not", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyEvent,
      fc.oneof(fc.constant({}), fc.record({ id: text, source: text })),
      fc.constantFrom("none", "pending", "expired"),
      fc.integer({ min: 1, max: 2 }),
      async ({ word, data }, attributes, held, receiveCount) => {
        const person = world.person();
        if (held === "pending") person.seed();
        if (held === "expired") person.seed({ expiresAt: world.now() - 1 });
        const event = person.event(word, data, attributes);
        const parsed = parseEvent(event);
        if (!parsed.ok) return;
        // Role names that are unknown are looked for anew only as time passes.
        world.advance(1);
        const { outcome, error } = await world.deliver(event, { receiveCount });
        expect(world.standIn.calls.recent().filter(({ status }) => status >= 500)).toEqual([]);
        expect(`${JSON.stringify(outcome)} ${error}`).not.toContain(
          invitationEvent(parsed).data.invitee,
        );
        if (error === undefined) return;
        // The latter is what Logto must never see, such as an id of blanks. The queue rejects it.
        expect(error instanceof LogtoError || error instanceof InvalidArgumentError).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
}, 60_000);

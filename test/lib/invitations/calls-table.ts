import type { Json } from "../../support/events.ts";
import { type EventWord, HOUR, openWorld, type Person } from "./world.ts";

/** How many calls an event costs Logto, its token and the role list excepted. */
export type CallsRow = {
  readonly event: string;
  readonly firstDelivery: number;
  /** The same message, received a second time right after it was done. */
  readonly replay: number;
};

type Case = {
  readonly event: string;
  readonly word: EventWord;
  readonly data?: Json;
  /** What Logto holds before. @returns what the event has to say about it. */
  readonly given?: (person: Person, now: number) => Json;
};

const link = (placeholders: string) => ({
  message: { link: `https://example.com/${placeholders}` },
});

const reminder = { onlyIfPending: true };

const nothing = (): Json => ({});

const pending = (person: Person): Json => {
  person.seed();
  return {};
};

const pendingNamed = (person: Person): Json => ({ invitationId: person.seed().id });

const expired = (person: Person, now: number): Json => {
  person.seed({ createdAt: now - HOUR, expiresAt: now - 1 });
  return {};
};

const expiredNamed = (person: Person, now: number): Json => ({
  invitationId: person.seed({ createdAt: now - HOUR, expiresAt: now - 1 }).id,
});

const cases: readonly Case[] = [
  { event: "create", word: "create" },
  { event: "create with roles", word: "create", data: { organizationRoleIds: ["member"] } },
  { event: "create without e-mail", word: "create", data: { message: false } },
  { event: "create, link with {invitationId}", word: "create", data: link("{invitationId}") },
  { event: "create, link with {oneTimeToken}", word: "create", data: link("{oneTimeToken}") },
  {
    event: "create, link with both",
    word: "create",
    data: link("{invitationId}{oneTimeToken}"),
  },
  { event: "create, another pending, keep", word: "create", given: pending },
  {
    event: "create, another pending, resend",
    word: "create",
    data: { ifPending: "resend" },
    given: pending,
  },
  {
    event: "create, another pending, replace",
    word: "create",
    data: { ifPending: "replace" },
    given: pending,
  },
  { event: "resend", word: "resend", given: pending },
  { event: "resend by id", word: "resend", given: pendingNamed },
  { event: "resend, expired", word: "resend", given: expired },
  { event: "resend by id, expired", word: "resend", given: expiredNamed },
  { event: "resend only if pending", word: "resend", data: reminder, given: pending },
  { event: "resend only if pending, expired", word: "resend", data: reminder, given: expired },
  { event: "resend only if pending, nothing there", word: "resend", data: reminder },
  { event: "accept", word: "accept", given: pending },
  { event: "accept by id", word: "accept", given: pendingNamed },
  { event: "revoke", word: "revoke", given: pending },
  { event: "revoke by id", word: "revoke", given: pendingNamed },
  { event: "revoke, nothing pending", word: "revoke" },
  { event: "delete", word: "delete", given: pending },
  { event: "delete by id", word: "delete", given: pendingNamed },
  { event: "delete, nothing there", word: "delete" },
];

/**
 * Counts the calls that each event makes of a Logto stand-in, with the role directory warm.
 *
 * @returns one row for each event and circumstance, in a fixed order.
 */
export async function measureCalls(): Promise<readonly CallsRow[]> {
  const world = await openWorld();
  try {
    const rows: CallsRow[] = [];
    for (const { event, word, data = {}, given = nothing } of cases) {
      const person = world.person();
      const json = person.event(word, { ...data, ...given(person, world.now()) });
      const first = await world.deliver(json);
      const again = await world.deliver(json, { receiveCount: 2 });
      rows.push({ event, firstDelivery: first.calls.length, replay: again.calls.length });
    }
    return rows;
  } finally {
    await world.close();
  }
}

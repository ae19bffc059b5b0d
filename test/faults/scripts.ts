import type { QueueName } from "../../lib/events/queue-name.ts";
import { roleScopesJson } from "../support/role-scopes-event.ts";
import type { Dice } from "./dice.ts";

/** Stands in every link and address, so that a log line with one can be found. */
export const CANARY = "canary.example";

export type Invitee = {
  readonly number: number;
  readonly address: string;
  readonly organization: number;
  /** Its events, in the order in which they are published. */
  readonly events: readonly ScriptedEvent[];
};

export type ScriptedEvent = {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export const SOURCE = "/faults";

type Word = "create" | "resend" | "revoke" | "accept" | "replace" | "remind";

const ORGANIZATIONS = 5;

/** What may come after the first create. Weighted by being named more than once. */
const NEXT: readonly [Word, ...Word[]] = [
  "resend",
  "revoke",
  "revoke",
  "create",
  "create",
  "replace",
  "remind",
  "accept",
];

/**
 * Every invitee has a script of its own: invited, mailed again, revoked, invited again, accepted.
 *
 * @param count events in all.
 * @param names what organizations, roles and users are called in that Logto.
 */
export function writeScripts(count: number, dice: Dice): readonly Invitee[] {
  const invitees: Invitee[] = [];
  let written = 0;
  for (let number = 0; written < count; number++) {
    const length = Math.min(count - written, 2 + Math.floor(dice.roll(`length ${number}`) * 6));
    const address = `invitee-${number}@${CANARY}`;
    const organization = number % ORGANIZATIONS;
    const events = Array.from({ length }, (_, index) => {
      const id = `${number}.${index}`;
      const word = index === 0 ? "create" : dice.pick(`word ${id}`, NEXT);
      return { id, ...eventOf(word, id, dice) };
    });
    invitees.push({ number, address, organization, events });
    written += length;
  }
  return invitees;
}

export const organizationNumbers: readonly number[] = Array.from(
  { length: ORGANIZATIONS },
  (_, number) => number,
);

function eventOf(word: Word, id: string, dice: Dice): Omit<ScriptedEvent, "id"> {
  switch (word) {
    case "create":
      return { type: "onboarding.invitation.create", data: createData(id, dice) };
    case "replace":
      return {
        type: "onboarding.invitation.create",
        data: { ...createData(id, dice), ifPending: "replace" },
      };
    case "remind":
      return {
        type: "onboarding.invitation.create",
        data: { ...createData(id, dice), ifPending: "resend" },
      };
    case "resend":
      return { type: "onboarding.invitation.resend", data: {} };
    case "revoke":
      return { type: "onboarding.invitation.revoke", data: {} };
    case "accept":
      return { type: "onboarding.invitation.accept", data: { acceptedUserId: "the invitee" } };
  }
}

const createData = (id: string, dice: Dice): Readonly<Record<string, unknown>> => ({
  organizationRoleIds: dice.roll(`role ${id}`) < 0.5 ? ["member"] : [],
  message: dice.pick<unknown>(`message ${id}`, [
    false,
    {},
    { link: `https://${CANARY}/join` },
    { link: `https://${CANARY}/join/{invitationId}` },
    { link: `https://${CANARY}/join?token={oneTimeToken}` },
  ]),
});

/** Bodies that are no event of their queue, each wrong in its own way. */
export function malformedBody(name: string, queue: QueueName, dice: Dice): string {
  return queue === "invitations"
    ? malformedInvitation(name, dice)
    : malformedRoleScopes(name, dice);
}

function malformedRoleScopes(name: string, dice: Dice): string {
  const invitation = { organizationId: "somewhere", invitee: `${name}@${CANARY}` };
  const event = roleScopesJson("sync", { role: `${name}@${CANARY}` }, { id: name, source: SOURCE });
  return dice.pick(`malformed ${name}`, [
    JSON.stringify(event).slice(0, -20),
    JSON.stringify({ ...event, data: { role: `${name}@${CANARY}`, scopes: [CANARY, 7] } }),
    JSON.stringify({ ...event, data: { role: "member", scopes: [], purne: true } }),
    JSON.stringify({ ...event, type: "onboarding.invitation.create", data: invitation }),
  ]);
}

function malformedInvitation(name: string, dice: Dice): string {
  const address = `${name}@${CANARY}`;
  const event = {
    specversion: "1.0",
    id: name,
    source: SOURCE,
    type: "onboarding.invitation.create",
    data: { organizationId: "somewhere", invitee: address },
  };
  return dice.pick(`malformed ${name}`, [
    JSON.stringify(event).slice(0, -20),
    JSON.stringify({ ...event, type: "onboarding.invitation.cancel" }),
    JSON.stringify({ ...event, data: { ...event.data, organisationId: address } }),
    JSON.stringify({ ...event, id: undefined }),
    JSON.stringify({
      ...event,
      data: { organizationId: "somewhere", invitee: `${address} or so` },
    }),
    JSON.stringify(roleScopesJson("assign", {}, { id: name, source: SOURCE })),
    `Invite ${address}, please.`,
  ]);
}

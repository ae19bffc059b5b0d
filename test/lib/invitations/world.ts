import type { Delivery } from "../../../lib/events/delivery.ts";
import type { Outcome } from "../../../lib/events/outcome.ts";
import { parseEvent } from "../../../lib/events/parse.ts";
import { carryOutInvitationEvent } from "../../../lib/invitations/carry-out.ts";
import type { InvitationContext } from "../../../lib/invitations/context.ts";
import type { InvitationPolicy } from "../../../lib/invitations/policy.ts";
import type { LogtoClient } from "../../../lib/logto/client.ts";
import { createRoleDirectory } from "../../../lib/logto/role-directory.ts";
import type { SentEmail } from "../../../local/logto/email.ts";
import type { SeedInvitation } from "../../../local/logto/seed.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import type { StoredInvitation } from "../../../local/logto/state.ts";
import type { Json } from "../../support/events.ts";
import { invitationEvent } from "../../support/invitation-event.ts";
import { testClient } from "../logto/test-client.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When the simulated clock of every world begins, epoch milliseconds. */
export const START = Date.parse("2026-03-01T12:00:00.000Z");

/** What the function decides where its settings say nothing. */
export const defaultPolicy: InvitationPolicy = {
  expirySeconds: (7 * DAY) / 1000,
  sendsEmail: true,
  variables: {},
  ifPending: "keep",
};

/** How a delivery ended, and the calls it made of Logto, in order and by their short names. */
export type Delivered = {
  readonly outcome?: Outcome;
  readonly error?: unknown;
  readonly calls: readonly string[];
};

/** What is told about a delivery; the rest is that of a message sent when the event was asked for. */
export type DeliveryFields = Partial<Delivery> & {
  readonly policy?: Partial<InvitationPolicy>;
  /** A client of one's own, such as one that is cut off. */
  readonly logto?: LogtoClient;
};

/** Somebody who is invited into an organization of their own: no two tests meet. */
export type Person = {
  readonly organizationId: string;
  readonly invitee: string;
  readonly userId: string;
  /** An event about this person, asked for now. `data` and attributes go over the defaults. */
  readonly event: (type: EventWord, data?: Json, attributes?: Json) => Json;
  /** Puts an invitation straight into Logto: pending and for a week, unless told otherwise. */
  readonly seed: (fields?: Partial<SeedInvitation>) => Readonly<StoredInvitation>;
  /** Oldest first. */
  readonly invitations: () => readonly Readonly<StoredInvitation>[];
  readonly emails: () => readonly SentEmail[];
  readonly isMember: () => boolean;
};

export type EventWord = "create" | "resend" | "accept" | "revoke" | "delete";

export type World = {
  readonly standIn: LogtoStandIn;
  readonly logto: LogtoClient;
  readonly now: () => number;
  readonly set: (now: number) => void;
  readonly advance: (byMs: number) => void;
  /** @param spelled the primary e-mail that the user registered with, given the invitee. */
  readonly person: (spelled?: (invitee: string) => string) => Person;
  readonly deliver: (event: Json, fields?: DeliveryFields) => Promise<Delivered>;
  /** Runs `change` once, when the next call of this short name arrives, before it is handled. */
  readonly whenCalled: (call: string, change: () => void) => void;
  /** Roles that every world has: `member` and `admin` for users, `machine` for apps. */
  readonly roleIds: { readonly member: string; readonly admin: string; readonly machine: string };
  readonly close: () => Promise<void>;
};

const SHORT_NAMES: Readonly<Record<string, string>> = {
  "POST /api/organization-invitations": "create",
  "GET /api/organization-invitations": "list",
  "GET /api/organization-invitations/{id}": "get",
  "DELETE /api/organization-invitations/{id}": "delete",
  "POST /api/organization-invitations/{id}/message": "message",
  "PUT /api/organization-invitations/{id}/status": "status",
  "POST /api/one-time-tokens": "one-time token",
  "GET /api/organization-roles": "roles",
};

/** A Logto stand-in on a simulated clock, a client that has its token, and a warm role directory. */
export async function openWorld(): Promise<World> {
  let now = START;
  let persons = 0;
  let events = 0;
  const standIn = await startLogtoStandIn({
    now: () => now,
    emailDelayMs: 0,
    tokenLifetimeSeconds: 1_000 * (DAY / 1000),
  });
  const logto = testClient(standIn, { now: () => now });
  const roles = createRoleDirectory(Number.POSITIVE_INFINITY, () => now);
  standIn.seed({
    roles: [
      { id: "role-member", name: "member" },
      { id: "role-admin", name: "admin" },
      { id: "role-machine", name: "machine", type: "MachineToMachine" },
    ],
  });
  await roles.find("member", logto);

  const person = (spelled = (invitee: string) => invitee): Person => {
    persons += 1;
    const organizationId = `org-${persons}`;
    const invitee = `person-${persons}@example.com`;
    const userId = `user-${persons}`;
    standIn.seed({
      organizations: [{ id: organizationId, name: `Organization ${persons}` }],
      users: [{ id: userId, primaryEmail: spelled(invitee) }],
    });
    return {
      organizationId,
      invitee,
      userId,
      event: (type, data = {}, attributes = {}) => {
        events += 1;
        return {
          specversion: "1.0",
          id: `event-${events}`,
          source: "/tests/invitations",
          type: `onboarding.invitation.${type}`,
          time: new Date(now).toISOString(),
          ...attributes,
          data: {
            organizationId,
            invitee,
            ...(type === "accept" ? { acceptedUserId: userId } : {}),
            ...data,
          },
        };
      },
      seed: (fields = {}) => {
        const invitation = { organizationId, invitee, expiresAt: now + 7 * DAY, ...fields };
        const [seeded] = standIn.seed({ invitations: [invitation] }).invitations;
        if (seeded === undefined) throw new Error("Nothing was seeded.");
        return seeded;
      },
      invitations: () => standIn.state.invitationsOf(organizationId, invitee),
      emails: () => standIn.outbox.filter((email) => email.organizationId === organizationId),
      isMember: () => standIn.state.members.get(organizationId)?.has(userId) ?? false,
    };
  };

  return {
    standIn,
    logto,
    now: () => now,
    set: (time) => {
      now = time;
    },
    advance: (byMs) => {
      now += byMs;
    },
    person,
    roleIds: { member: "role-member", admin: "role-admin", machine: "role-machine" },
    deliver: async (json, { policy, logto: own = logto, ...delivery } = {}) => {
      const event = invitationEvent(parseEvent(json));
      const context: InvitationContext = {
        delivery: {
          sentAt: event.time === undefined ? now : Date.parse(event.time),
          receiveCount: 1,
          ...delivery,
        },
        logto: own,
        roles,
        policy: { ...defaultPolicy, ...policy },
        now,
      };
      standIn.calls.reset();
      const calls = () =>
        standIn.calls.recent().map(({ operation }) => SHORT_NAMES[operation] ?? operation);
      try {
        return { outcome: await carryOutInvitationEvent(event, context), calls: calls() };
      } catch (error) {
        return { error, calls: calls() };
      }
    },
    whenCalled: (call, change) => {
      const remove = standIn.faults.add({
        on: ({ method, template }) => {
          if (SHORT_NAMES[`${method} ${template}`] !== call) return false;
          remove();
          change();
          return false;
        },
        action: { kind: "delay" },
      });
    },
    close: () => standIn.stop(),
  };
}

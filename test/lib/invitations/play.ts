import { fingerprint } from "../../../lib/invitations/expiry.ts";
import { type Crash, type Cut, crashing } from "../../support/crash.ts";
import type { Json } from "../../support/events.ts";
import {
  DAY,
  type Delivered,
  type DeliveryFields,
  type EventWord,
  HOUR,
  type Person,
  START,
  type World,
} from "./world.ts";

/**
 * Steps are four hours apart and lifetimes end two hours off, so that a few minutes more or less,
 * which is what a crash costs, never decide whether an invitation has expired.
 */
export const SLOT = 4 * HOUR;

/** More than a tenth of the ten minutes in which Logto sends one recipient ten messages. */
const BETWEEN_DELIVERIES = 65_000;

export const policy = { expirySeconds: (7 * DAY + 2 * HOUR) / 1000 } as const;

/** A further delivery of an event after so many more steps. */
export type Duplicate = {
  readonly afterSteps: number;
  readonly how: "sent again" | "same message";
};

export type Step = {
  /** `wait` is a step in which time passes. */
  readonly word: EventWord | "wait";
  readonly data: Json;
  /** Which invitation to name by its id. */
  readonly named: "newest" | "oldest" | "none";
  /** By how many slots the queue is behind when it comes to this event. */
  readonly backlog: number;
  readonly crashes: readonly Crash[];
  readonly duplicates: readonly Duplicate[];
};

/** What became of one step. */
export type Played = {
  readonly step: Step;
  readonly index: number;
  readonly id: string;
  readonly event: Json;
  readonly askedAt: number;
  readonly delivered: Delivered;
  /** Deliveries beside the one that it takes. */
  extraDeliveries: number;
};

/** As many event ids, all with another fingerprint: one pair in a thousand shares one, by design. */
export function eventIds(prefix: string, count: number): readonly string[] {
  const ids = new Map<number, string>();
  for (let n = 0; ids.size < count; n++) {
    if (n > 1_000 * count) throw new Error("The events' fingerprints are hardly ever different.");
    const id = `${prefix}-${n}`;
    const own = fingerprint({ source: SOURCE, id });
    if (!ids.has(own)) ids.set(own, id);
  }
  return [...ids.values()];
}

const SOURCE = "/tests/properties";

/**
 * Delivers a sequence of events about one person, then lets some time pass.
 *
 * @param ids the events' ids, one for each step.
 * @param repeats says whether an event may be delivered again that late and in that way; without it
 * nothing is ever cut or delivered twice.
 * @param afterEach is told of every delivery.
 */
export async function play(
  world: World,
  person: Person,
  steps: readonly Step[],
  ids: readonly string[],
  afterEach: () => void,
  repeats?: Repeats,
): Promise<readonly Played[]> {
  const played: Played[] = [];
  const deliver = async (event: Json, fields: DeliveryFields): Promise<Delivered> => {
    const delivered = await world.deliver(event, { policy, ...fields });
    afterEach();
    world.advance(BETWEEN_DELIVERIES);
    return delivered;
  };

  world.set(START);
  for (const [index, step] of steps.entries()) {
    const askedAt = START + index * SLOT;
    world.set(Math.max(world.now(), askedAt + step.backlog * SLOT));
    if (step.word !== "wait") {
      const id = ids[index] ?? "";
      const event = eventOf(step.word, step, person, id, askedAt);
      const crashes = repeats === undefined ? [] : step.crashes;
      const { delivered, receiveCount } = await deliverUntilAcknowledged(
        (fields) => deliver(event, { sentAt: askedAt, ...fields }),
        crashes.map((crash) => () => crashing(world.standIn, world.logto, crash)),
      );
      const extraDeliveries = receiveCount - 1;
      played.push({ step, index, id, event, askedAt, delivered, extraDeliveries });
    }
    for (const { earlier, how } of repeats === undefined ? [] : due(played, index, repeats)) {
      const sentAt = Math.max(world.now(), earlier.askedAt + LATE);
      world.set(sentAt);
      const sameMessage = { sentAt: earlier.askedAt, receiveCount: 2 };
      await deliver(earlier.event, how === "sent again" ? { sentAt } : sameMessage);
      earlier.extraDeliveries += 1;
    }
  }
  world.set(START + (steps.length + 9) * SLOT);
  return played;
}

/** More than the five minutes in which SQS itself drops a repeat. */
const LATE = 301_000;

type Repeats = (played: Played, duplicate: Duplicate, since: readonly Played[]) => boolean;

/** The duplicates that come after a step. */
const due = (played: readonly Played[], index: number, repeats: Repeats) =>
  played.flatMap((earlier, place) =>
    earlier.step.duplicates
      .filter(({ afterSteps }) => earlier.index + afterSteps === index)
      .filter((duplicate) => repeats(earlier, duplicate, played.slice(place + 1)))
      .map(({ how }) => ({ earlier, how })),
  );

/** FIFO: what was not acknowledged comes again, before anything later of its group. */
async function deliverUntilAcknowledged(
  deliver: (fields: DeliveryFields) => Promise<Delivered>,
  cuts: readonly (() => Cut)[],
): Promise<{ delivered: Delivered; receiveCount: number }> {
  let receiveCount = 1;
  for (const cut of cuts) {
    const { logto, isStruck } = cut();
    const delivered = await deliver({ receiveCount, logto });
    if (!isStruck()) return { delivered, receiveCount };
    receiveCount += 1;
  }
  return { delivered: await deliver({ receiveCount }), receiveCount };
}

function eventOf(
  word: EventWord,
  { data, named }: Step,
  person: Person,
  id: string,
  askedAt: number,
): Json {
  const { message } = data;
  const isMailing = word === "create" || word === "resend";
  const invitations = person.invitations();
  const meant = named === "newest" ? invitations.at(-1) : invitations[0];
  return person.event(
    word,
    {
      ...data,
      // Every e-mail tells which event it is of.
      ...(isMailing && message !== false ? { message: { ...messageOf(message), mark: id } } : {}),
      ...(named === "none" || word === "create" ? {} : { invitationId: meant?.id ?? "unknown" }),
    },
    { source: SOURCE, id, time: new Date(askedAt).toISOString() },
  );
}

const messageOf = (message: unknown): object =>
  typeof message === "object" && message !== null ? message : {};

/** What a sequence comes to: the invitations as a multiset, and the membership. */
export function finalState(world: World, person: Person) {
  const invitations = person.invitations().map((invitation) => ({
    status:
      invitation.status === "Pending" && invitation.expiresAt < world.now()
        ? "Expired"
        : invitation.status,
    invitee: invitation.invitee === person.invitee,
    roles: [...invitation.roleIds].sort(),
    expiresAt: invitation.expiresAt,
    inviterId: invitation.inviterId,
    acceptedByInvitee: invitation.acceptedUserId === person.userId,
  }));
  const roles = world.standIn.state.members.get(person.organizationId)?.get(person.userId);
  return {
    invitations: invitations.map((invitation) => JSON.stringify(invitation)).sort(),
    memberWith: roles === undefined ? "not a member" : [...roles].sort(),
  };
}

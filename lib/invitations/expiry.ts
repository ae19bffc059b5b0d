import { createHash } from "node:crypto";
import type { Delivery } from "../events/delivery.ts";
import type { EventOf } from "../events/event.ts";

type Create = EventOf<"onboarding.invitation.create">;

/** When the invitation was asked for: the event's `time`, else when its message was sent. */
export const askedAt = (event: Pick<Create, "time">, delivery: Pick<Delivery, "sentAt">): number =>
  event.time === undefined ? delivery.sentAt : Date.parse(event.time);

/**
 * When the invitation of an event expires: cut to the second, and in the milliseconds the event's
 * fingerprint. The same event always gives the same expiry, so whether it was carried out can be
 * read from Logto, which keeps the milliseconds.
 *
 * @param defaultSeconds lifetime where the event names none.
 * @returns epoch milliseconds.
 */
export function expiresAt(event: Create, delivery: Delivery, defaultSeconds: number): number {
  const { data } = event;
  const wanted =
    data.expiresAt ?? askedAt(event, delivery) + (data.expiresIn ?? defaultSeconds) * 1000;
  return Math.floor(wanted / 1000) * 1000 + fingerprint(event);
}

/** 0 to 999, from the event's `source` and `id`. */
export const fingerprint = ({ source, id }: Pick<Create, "source" | "id">): number =>
  createHash("sha256").update(`${source}\n${id}`).digest().readUInt32BE() % 1000;

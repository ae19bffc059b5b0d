import { createHash } from "node:crypto";
import type { EventAttributes } from "../events/envelope.ts";

/**
 * When the invitation of an event expires: cut to the second, and in the milliseconds the event's
 * fingerprint. The same event always gives the same expiry, so whether it was carried out can be
 * read from Logto, which keeps the milliseconds.
 *
 * @param wanted epoch milliseconds.
 * @returns epoch milliseconds.
 */
export const withFingerprint = (event: EventAttributes, wanted: number): number =>
  Math.floor(wanted / 1000) * 1000 + fingerprint(event);

/** 0 to 999, from the event's `source` and `id`. */
export const fingerprint = ({ source, id }: EventAttributes): number =>
  createHash("sha256").update(`${source}\n${id}`).digest().readUInt32BE() % 1000;

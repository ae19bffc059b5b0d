import type { ParsedEvent } from "../../lib/events/parse.ts";
import { type EventFor, isFor } from "../../lib/events/queue-name.ts";

/** The invitation event that was parsed; throws for anything else. */
export function invitationEvent(parsed: ParsedEvent): EventFor<"invitations"> {
  if (!parsed.ok) throw new Error(`It is no event: ${JSON.stringify(parsed.problems)}`);
  if (!isFor("invitations", parsed.event)) throw new Error(`It is ${parsed.event.type}.`);
  return parsed.event;
}

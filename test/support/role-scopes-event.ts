import type { ParsedEvent } from "../../lib/events/parse.ts";
import { type EventFor, isFor } from "../../lib/events/queue-name.ts";
import { createEvent, type Json } from "./events.ts";

export type RoleScopesWord = "assign" | "replace" | "remove" | "sync";

export const roleScopesWords: readonly RoleScopesWord[] = ["assign", "replace", "remove", "sync"];

/** A scope as events name it. */
export const scopeOf = (resource: string, scope: string) =>
  ({ resource: `https://${resource}.example.com`, scope }) as const;

/**
 * A role-scopes CloudEvent as plain JSON: of the role `member` and the scope `read` of the resource
 * `orders`, unless told otherwise.
 */
export const roleScopesJson = (
  word: RoleScopesWord,
  data: Json = {},
  attributes: Json = {},
): Json =>
  createEvent({
    type: `onboarding.role-scopes.${word}`,
    ...attributes,
    data: {
      organizationId: undefined,
      invitee: undefined,
      role: "member",
      scopes: [scopeOf("orders", "read")],
      ...data,
    },
  });

/** The role-scopes event that was parsed; throws for anything else. */
export function roleScopesEventOf(parsed: ParsedEvent): EventFor<"role-scopes"> {
  if (!parsed.ok) throw new Error(`It is no event: ${JSON.stringify(parsed.problems)}`);
  if (!isFor("role-scopes", parsed.event)) throw new Error(`It is ${parsed.event.type}.`);
  return parsed.event;
}

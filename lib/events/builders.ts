import type * as v from "valibot";
import type { EventType, typedData } from "./event.ts";
import { type EventMessage, eventMessage } from "./message.ts";
import type { ProblemReason } from "./parse.ts";
import { type Problem, problemsSentence } from "./problem.ts";

/** What an event of a type asks for, as a producer writes it. */
export type EventData<Type extends EventType> = Extract<
  v.InferInput<typeof typedData>,
  { readonly type: Type }
>["data"];

/** An event without its type, which the builder knows. */
export type EventInput<Type extends EventType> = {
  /** Names the event together with `source`: the same pair again changes nothing. */
  readonly id: string;
  /** Who asks, such as `/crm/contracts`. */
  readonly source: string;
  /**
   * When the change was asked for, RFC 3339 with a time zone; now where it is left out. Give it where
   * the same event may be published again later than five minutes.
   */
  readonly time?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly data: EventData<Type>;
};

/** What was to be published is no event of the contract. It quotes nothing of it: no address, no link. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
  readonly reason: ProblemReason;
  readonly problems: readonly Problem[];

  constructor(reason: ProblemReason, problems: readonly Problem[]) {
    super(`The event cannot be published: ${problemsSentence(problems)}`);
    this.reason = reason;
    this.problems = problems;
  }
}

const builder =
  <Type extends EventType>(type: Type) =>
  /**
   * Makes the event and its message, which `publishEvents` takes.
   *
   * @param nowMs epoch milliseconds, for an event without a time.
   * @throws InvalidEventError telling every field that is wrong.
   */
  (event: EventInput<Type>, nowMs: number = Date.now()): EventMessage => {
    const cloudEvent = { ...event, specversion: "1.0", type, datacontenttype: "application/json" };
    const result = eventMessage(cloudEvent, nowMs);
    if (!result.ok) throw new InvalidEventError(result.reason, result.problems);
    return result.message;
  };

/** Invite a person into an organization. */
export const invitationCreate = builder("onboarding.invitation.create");
/** Send the e-mail of an invitation again, with a link that works. */
export const invitationResend = builder("onboarding.invitation.resend");
/** The user accepts the invitation and joins the organization. */
export const invitationAccept = builder("onboarding.invitation.accept");
/** The invitation can no longer be accepted. */
export const invitationRevoke = builder("onboarding.invitation.revoke");
/** Logto forgets the invitation; a member stays one. */
export const invitationDelete = builder("onboarding.invitation.delete");
/** The role holds these scopes as well. */
export const roleScopesAssign = builder("onboarding.role-scopes.assign");
/** The role holds these scopes and no others. */
export const roleScopesReplace = builder("onboarding.role-scopes.replace");
/** The role no longer holds these scopes. */
export const roleScopesRemove = builder("onboarding.role-scopes.remove");
/** The role holds these scopes; only the difference is written. */
export const roleScopesSync = builder("onboarding.role-scopes.sync");

import type { EventType } from "../../lib/events/event.ts";

/** What an event asks for. */
export const eventDescriptions: Readonly<Record<EventType, string>> = {
  "onboarding.invitation.create": "Invite a person into an organization.",
  "onboarding.invitation.resend":
    "Send the e-mail of an invitation again, with a link that works. An invitation that has expired is renewed.",
  "onboarding.invitation.accept": "The user accepts the invitation and joins the organization.",
  "onboarding.invitation.revoke": "The invitation can no longer be accepted.",
  "onboarding.invitation.delete": "Logto forgets the invitation. A member stays one.",
  "onboarding.role-scopes.assign": "The organization role holds these resource scopes as well.",
  "onboarding.role-scopes.replace":
    "The organization role holds these resource scopes and no others.",
  "onboarding.role-scopes.remove": "The organization role no longer holds these resource scopes.",
  "onboarding.role-scopes.sync":
    "The organization role holds these resource scopes; only the difference is written.",
};

const MESSAGE =
  "Variables of the e-mail, at most 50: text, numbers and booleans. Left out, the e-mail is sent without them.";

/** What each field means, by its path from the event. Of two that fit, the one with the type counts. */
const descriptions: Readonly<Record<string, string>> = {
  specversion: "The version of CloudEvents.",
  id: "Names the event together with source: publish the same pair twice and the second one changes nothing.",
  source: "Who asks, a URI reference of the producer's own, such as /crm/contracts.",
  type: "What is asked for. It never changes its meaning: what breaks becomes a type that ends in .v2.",
  time: "When the change was asked for, RFC 3339 with a time zone. Expiry counts from it. Without it the time the message was sent counts; set it where the event may be published again later.",
  datacontenttype: "The media type of data: JSON.",
  traceparent:
    "W3C trace context, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01. One that is malformed counts as none.",
  data: "What is asked for. An unknown field is refused, so a misspelt one is not overlooked.",
  "data.organizationId": "The organization's id in Logto.",
  "data.invitee":
    "The e-mail address of the person. White space around it is cut off and it is lower-cased.",
  "data.invitationId":
    "The invitation, where the invitee has had several; else the one that is pending, or the latest.",
  "data.organizationRoleIds": "Organization roles, by id or by name, that the person gets.",
  "data.inviterId": "The id of the user who invites.",
  "data.expiresIn":
    "How long the invitation can be accepted, from time on: an ISO 8601 duration without years and months, such as P7D, or seconds; at least a second and at most 366 days, which the schema says of seconds only. Not together with expiresAt.",
  "data.expiresAt":
    "When the invitation ends: RFC 3339 with a time zone, or epoch milliseconds. Not together with expiresIn.",
  "data.message": MESSAGE,
  "onboarding.invitation.create data.message": `${MESSAGE} false sends no e-mail.`,
  "data.message.locale": "The language of the e-mail, as Logto names it, such as en or pt-BR.",
  "data.message.link":
    "Where the e-mail leads. {organizationId}, {invitee}, {invitationId} and {oneTimeToken} are filled in; the last two cost one more call to Logto.",
  "data.ifPending":
    "What to do when another invitation of the invitee is pending: keep it (the default), resend its e-mail, or replace it by this one.",
  "data.onlyIfPending": "A reminder: an invitation that is over by then is left alone.",
  "data.acceptedUserId":
    "The id of the user who joins. The user's primary e-mail address must be the invitee.",
  "data.role": "The organization role, by id or by name. Always name a role one way.",
  "data.scopes": "Resource scopes, each by id, or by its API resource's indicator and its name.",
  "data.scopes.resource": "The indicator of the API resource.",
  "data.scopes.scope": "The name of the scope in that API resource.",
  "data.prune":
    "What becomes of scopes that are not named: false leaves them, true removes them, a list of resource indicators removes those of these resources.",
};

/**
 * @param path as `data.message.link`; what is in a list has the list's path.
 * @throws when the field has no description.
 */
export function fieldDescription(type: EventType, path: string): string {
  const description = descriptions[`${type} ${path}`] ?? descriptions[path];
  if (description === undefined) {
    throw new Error(`${path} has no description: give it one in deploy/contract/descriptions.ts.`);
  }
  return description;
}

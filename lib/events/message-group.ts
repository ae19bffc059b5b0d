import { hash } from "node:crypto";
import type { OnboardingEvent } from "./event.ts";
import { isFor } from "./queue-name.ts";

/**
 * The SQS message group of an event: what it changes. Events of one group are carried out in the
 * order in which they were published, groups beside each other.
 *
 * An invitation event's group is the SHA-256, in hex, of organization id, newline, invitee (trimmed
 * and lower-cased): no address stands in the queue's metadata. A role event's is the SHA-256, in hex,
 * of the role as the event names it: by its id and by its name it is two groups.
 */
export function messageGroupId(event: OnboardingEvent): string {
  if (isFor("role-scopes", event)) return sha256(event.data.role);
  const { organizationId, invitee } = event.data;
  return invitationGroupId(organizationId, invitee);
}

/**
 * The message group of the invitation events of one person and one organization.
 *
 * @param invitee in any letter case.
 */
export const invitationGroupId = (organizationId: string, invitee: string): string =>
  sha256(`${organizationId}\n${invitee.trim().toLowerCase()}`);

/**
 * The SQS deduplication id of an event: the SHA-256, in hex, of `source`, newline, `id`. SQS drops a
 * second message with the same one within five minutes.
 */
export const messageDeduplicationId = (event: Pick<OnboardingEvent, "source" | "id">): string =>
  sha256(`${event.source}\n${event.id}`);

const sha256 = (value: string): string => hash("sha256", value);

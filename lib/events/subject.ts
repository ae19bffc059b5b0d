import type { OnboardingEvent } from "./event.ts";
import { isFor } from "./queue-name.ts";

/** What an event changes, as far as a log may tell: the organization, or the role as it is named. */
export type Subject = { readonly organizationId: string } | { readonly role: string };

export const subjectOf = (event: OnboardingEvent): Subject =>
  isFor("role-scopes", event)
    ? { role: event.data.role }
    : { organizationId: event.data.organizationId };

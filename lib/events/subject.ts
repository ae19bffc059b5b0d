import type { OnboardingEvent } from "./event.ts";
import { isFor } from "./queue-name.ts";

/** What an event changes, as far as a log may tell: the organization, or the role as it is named. */
export type Subject = { readonly organizationId: string } | { readonly role: string };

export const subjectOf = (event: OnboardingEvent): Subject =>
  isFor("role-scopes", event)
    ? { role: tellable(event.data.role) }
    : { organizationId: tellable(event.data.organizationId) };

/** An address in such a place is a mistake of its publisher's, and stays out of the log all the same. */
const tellable = (name: string): string =>
  name.includes("@") ? "(not told: it has an @ in it)" : name;

import type { Credentials } from "../../lib/logto/credentials.ts";

/** Where Logto is, for contenders that are told in their environment. */
export const logto: Credentials = JSON.parse(process.env["BENCH_LOGTO"] ?? "");

/** What a contender reads of an event: as little as it can do with. */
export type AskedInvitation = {
  readonly organizationId: string;
  readonly invitee: string;
  readonly message: false | { readonly link: string };
};

const WEEK_MS = 604_800_000;

/** The body that creates the invitation an event asks for. */
export function invitationOf(eventBody: string) {
  const { data }: { readonly data: AskedInvitation } = JSON.parse(eventBody);
  const { organizationId, invitee, message } = data;
  return { organizationId, invitee, expiresAt: Date.now() + WEEK_MS, messagePayload: message };
}

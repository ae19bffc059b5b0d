import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { DoneDetail } from "../lib/events/outcome.ts";

/** What a sample event is for: the outcome it must have, here and on a real Logto. */
export type Expectation = { readonly outcome: "done" | "reject"; readonly reason: string };

const done = (reason: DoneDetail): Expectation => ({ outcome: "done", reason });

const rejected = (reason: string): Expectation => ({ outcome: "reject", reason });

export type Sample = {
  /** Its file, below `events/`. */
  readonly file: string;
  /** The message body as it is published. */
  readonly body: string;
  readonly invitee?: string;
  /** Whether the event asks for an e-mail. */
  readonly withEmail: boolean;
  readonly expected: Expectation;
};

/** The organizations, roles, API resources and users that the samples name, by the ids they name them by. */
export const sampleWorld = {
  organizations: [{ id: "acme", name: "Acme", memberIds: ["grace"] }],
  organizationRoles: [
    { id: "member", name: "member" },
    { id: "admin", name: "admin" },
    { id: "reporting", name: "reporting", type: "MachineToMachine" },
  ],
  resources: [
    {
      name: "Orders",
      indicator: "https://orders.example.com",
      scopes: ["read", "write", "export"],
    },
  ],
  users: [
    { id: "grace", primaryEmail: "grace@example.com" },
    { id: "barbara", primaryEmail: "barbara@example.com" },
  ],
} as const;

/** In the order in which they are published: a later one may build on an earlier one. */
const expectations: Readonly<Record<string, Expectation>> = {
  "invitation.create.json": done("created"),
  "invitation.create.without-email.json": done("created"),
  "invitation.create.already-pending.json": done("already-pending"),
  "invitation.create.replace.json": done("replaced"),
  "invitation.create.already-a-member.json": done("already-a-member"),
  "invitation.create.link-template.json": done("created"),
  "invitation.create.magic-link.json": done("created"),
  "invitation.create.in-seconds.json": done("created"),
  "invitation.resend.json": done("resent"),
  "invitation.accept.json": done("accepted"),
  "invitation.revoke.json": done("revoked"),
  "invitation.delete.json": done("deleted"),
  "role-scopes.assign.json": done("assigned"),
  "role-scopes.remove.json": done("removed"),
  "role-scopes.replace.json": done("replaced"),
  "role-scopes.sync.json": done("synced"),
  "role-scopes.sync.no-drift.json": done("in-sync"),
  "role-scopes.sync.prune.json": done("synced"),
  "rejected/invitation.resend.revoked.json": rejected("invitation-revoked"),
  "rejected/invitation.accept.unknown-invitation.json": rejected("invitation-not-found"),
  "rejected/invitation.create.machine-to-machine-role.json": rejected("machine-to-machine-role"),
  "rejected/invitation.create.misspelt-field.json": rejected("invalid-data"),
  "rejected/invitation.create.unknown-placeholder.json": rejected("invalid-data"),
  "rejected/role-scopes.assign.no-scopes.json": rejected("invalid-data"),
  "rejected/unknown-type.json": rejected("unknown-type"),
  "rejected/not-json.txt": rejected("not-json"),
};

/** How the samples are fitted to the Logto they run against. */
export type SampleFitting = {
  /** What an id or address of the samples is called there. */
  readonly names: ReadonlyMap<string, string>;
  readonly canSendEmail: boolean;
};

/**
 * Reads every event of `events/`; what stands beside them is generated. Each gets a new event id, so that a second run is not taken for a
 * repeat of the first.
 *
 * @throws Error for a file without an expectation, or an expectation without a file.
 */
export function readSamples(directory: string, fitting: SampleFitting): readonly Sample[] {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /^(?:rejected\/)?[^/]+\.(?:json|txt)$/.test(file));
  const unknown = files.filter((file) => !Object.hasOwn(expectations, file));
  if (unknown.length > 0) {
    throw new Error(`No outcome is expected of ${unknown.join(", ")}: say it in local/samples.ts.`);
  }
  return Object.entries(expectations).flatMap(([file, expected]) => {
    const content = readFileSync(join(directory, file), "utf8");
    const event = v.safeParse(v.pipe(v.string(), v.parseJson(), sampleEvent), content);
    if (!event.success) return { file, body: content, withEmail: false, expected };
    const { id, type } = event.output;
    if (type === RESEND && expected.outcome === "done" && !fitting.canSendEmail) return [];
    const mailable = fitting.canSendEmail || type !== CREATE || expected.outcome === "reject";
    const data: Record<string, unknown> = {
      ...renamed(event.output.data, fitting.names),
      ...(mailable ? {} : { message: false }),
    };
    const body = JSON.stringify({ ...event.output, id: `${id}-${randomUUID()}`, data });
    const { invitee } = data;
    return {
      file,
      body,
      expected,
      withEmail: data["message"] !== false,
      ...(typeof invitee === "string" ? { invitee: invitee.toLowerCase() } : {}),
    };
  });
}

const CREATE = "onboarding.invitation.create";
const RESEND = "onboarding.invitation.resend";

const sampleEvent = v.looseObject({
  id: v.string(),
  type: v.string(),
  data: v.record(v.string(), v.unknown()),
});

/** The data with the names of that Logto in it. */
function renamed(
  data: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value === "object" && value !== null) return renameFields(value);
    return typeof value === "string" ? (names.get(value) ?? value) : value;
  };
  const renameFields = (fields: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, rename(value)]));
  return renameFields(data);
}

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** What a sample event is for: the outcome it must have, here and on a real Logto. */
export type Expectation = { readonly outcome: "done" | "reject"; readonly reason: string };

export type Sample = {
  /** Its file, below `events/`. */
  readonly file: string;
  /** The message body as it is published. */
  readonly body: string;
  readonly invitee?: string;
  /** Whether its invitation is asked to be sent by e-mail. */
  readonly asksForEmail: boolean;
  readonly expected: Expectation;
};

/** The organizations, roles and users that the samples name, by the ids they name them by. */
export const sampleWorld = {
  organizations: [{ id: "acme", name: "Acme", memberIds: ["grace"] }],
  organizationRoles: [
    { id: "member", name: "member" },
    { id: "admin", name: "admin" },
  ],
  users: [{ id: "grace", primaryEmail: "grace@example.com" }],
} as const;

/** In the order in which they are published: a later one may build on an earlier one. */
const expectations: Readonly<Record<string, Expectation>> = {
  "invitation.create.json": { outcome: "done", reason: "created" },
  "invitation.create.without-email.json": { outcome: "done", reason: "created" },
  "invitation.create.already-pending.json": { outcome: "done", reason: "already-pending" },
  "invitation.create.already-a-member.json": { outcome: "done", reason: "already-a-member" },
  "rejected/invitation.create.misspelt-field.json": { outcome: "reject", reason: "invalid-data" },
  "rejected/unknown-type.json": { outcome: "reject", reason: "unknown-type" },
  "rejected/not-json.txt": { outcome: "reject", reason: "not-json" },
};

/** How the samples are fitted to the Logto they run against. */
export type SampleFitting = {
  /** What an id or address of the samples is called there. */
  readonly names: ReadonlyMap<string, string>;
  readonly canSendEmail: boolean;
};

/**
 * Reads every file of `events/`. Each gets a new event id, so that a second run is not taken for a
 * repeat of the first.
 *
 * @throws Error for a file without an expectation, or an expectation without a file.
 */
export function readSamples(directory: string, fitting: SampleFitting): readonly Sample[] {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(?:json|txt)$/.test(file));
  const unknown = files.filter((file) => !Object.hasOwn(expectations, file));
  if (unknown.length > 0) {
    throw new Error(`No outcome is expected of ${unknown.join(", ")}: say it in local/samples.ts.`);
  }
  return Object.entries(expectations).map(([file, expected]) => {
    const content = readFileSync(join(directory, file), "utf8");
    const event = v.safeParse(v.pipe(v.string(), v.parseJson(), sampleEvent), content);
    if (!event.success) return { file, body: content, asksForEmail: false, expected };
    const data = fitted(event.output.data, fitting);
    return {
      file,
      body: JSON.stringify({ ...event.output, id: `${event.output.id}-${randomUUID()}`, data }),
      ...(typeof data["invitee"] === "string" ? { invitee: data["invitee"].toLowerCase() } : {}),
      asksForEmail: data["message"] !== false,
      expected,
    };
  });
}

const sampleEvent = v.looseObject({ id: v.string(), data: v.record(v.string(), v.unknown()) });

/** The data with the names of that Logto in it, and without e-mail where it can send none. */
function fitted(
  data: Readonly<Record<string, unknown>>,
  { names, canSendEmail }: SampleFitting,
): Record<string, unknown> {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    return typeof value === "string" ? (names.get(value) ?? value) : value;
  };
  const renamed = Object.entries(data).map(([name, value]) => [name, rename(value)] as const);
  return { ...Object.fromEntries(renamed), ...(canSendEmail ? {} : { message: false }) };
}

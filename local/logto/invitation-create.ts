import * as v from "valibot";
import {
  type Answer,
  created,
  foreignKeyNotFound,
  guard,
  invalidInput,
  uniqueViolation,
  valueTooLong,
} from "./answers.ts";
import { DatabaseFailure } from "./database.ts";
import {
  type MessagePayload,
  messagePayloadSchema,
  presentInvitation,
  sendInvitationEmail,
  statusNow,
} from "./invitation.ts";
import type { ApiRequest, Logto } from "./route.ts";
import { randomId, type State, type StoredInvitation } from "./state.ts";

const createSchema = v.object({
  organizationId: v.pipe(v.string(), v.minLength(1), v.maxLength(21)),
  inviterId: v.nullish(v.pipe(v.string(), v.maxLength(128))),
  invitee: v.pipe(v.string(), v.check(isEmailAddress, "Invalid email")),
  expiresAt: v.number(),
  organizationRoleIds: v.optional(v.array(v.string()), []),
  messagePayload: v.optional(v.union([v.literal(false), messagePayloadSchema]), false),
});

type CreateInput = v.InferOutput<typeof createSchema>;

/**
 * POST /api/organization-invitations. With a message payload the e-mail is sent inside the
 * transaction: it holds one database connection, and sending needs a second one.
 */
export async function createInvitation(request: ApiRequest, logto: Logto): Promise<Answer> {
  const input = guard(createSchema, request.body ?? {});
  if (input.expiresAt <= logto.now()) {
    throw invalidInput(400, "The value of `expiresAt` must be in the future.");
  }
  refuseUnstorable(input);
  if (await logto.database.query(() => isMember(input, logto.state))) {
    throw invalidInput(422, "The invitee is already a member of the organization.");
  }
  return insert(input, input.messagePayload, request, logto);
}

async function insert(
  input: CreateInput,
  messagePayload: MessagePayload | false,
  request: ApiRequest,
  logto: Logto,
): Promise<Answer> {
  const { state, database, now } = logto;
  let release = () => {};
  try {
    return await database.transaction(async () => {
      release = await database.claim(`${input.organizationId} ${input.invitee}`);
      refuseBrokenRules(input, state, now());
      const draft = draftOf(input, now());
      if (messagePayload) await sendInvitationEmail(draft, messagePayload, request, logto);
      return () => {
        state.addInvitation(draft);
        return created(presentInvitation(draft, logto));
      };
    });
  } finally {
    release();
  }
}

/** Checks in the order in which the database runs into them. */
function refuseBrokenRules(input: CreateInput, state: State, now: number): void {
  const { organizationId, inviterId, invitee, organizationRoleIds } = input;
  if (invitee.length > 256) throw valueTooLong();
  const pending = state
    .invitationsOf(organizationId, invitee)
    .some((other) => other.invitee === invitee && statusNow(other, now) === "Pending");
  if (pending) throw uniqueViolation();
  if (!state.organizations.has(organizationId)) throw foreignKeyNotFound();
  if (typeof inviterId === "string" && !state.users.has(inviterId)) throw foreignKeyNotFound();
  if (organizationRoleIds.some((id) => id.length > 21)) throw valueTooLong();
  if (organizationRoleIds.some((id) => !state.roles.has(id))) throw foreignKeyNotFound();
}

function draftOf(input: CreateInput, now: number): StoredInvitation {
  return {
    id: randomId(),
    inviterId: input.inviterId ?? null,
    invitee: input.invitee,
    acceptedUserId: null,
    organizationId: input.organizationId,
    status: "Pending",
    createdAt: now,
    updatedAt: now,
    expiresAt: input.expiresAt,
    roleIds: new Set(input.organizationRoleIds),
  };
}

/** By the exact spelling of the address, as Logto asks. */
function isMember({ organizationId, invitee }: CreateInput, state: State): boolean {
  const userIds = state.members.get(organizationId)?.keys() ?? [];
  return [...userIds].some((id) => state.users.get(id)?.primaryEmail === invitee);
}

/** What PostgreSQL refuses to hold ends in a 500. */
function refuseUnstorable(input: CreateInput): void {
  const texts = [input.organizationId, input.inviterId ?? "", ...input.organizationRoleIds];
  if (texts.some((text) => text.includes("\0"))) throw new DatabaseFailure("No text it can hold.");
  if (input.expiresAt >= endOfDatabaseTime) throw new DatabaseFailure("No time it can hold.");
}

/** PostgreSQL's timestamps end with the year 294276. */
const endOfDatabaseTime = 9_224_318_016_000_000;

function isEmailAddress(text: string): boolean {
  return (
    /^[a-z0-9_'+.-]*[a-z0-9_+-]@([a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/i.test(text) &&
    !text.startsWith(".") &&
    !text.includes("..")
  );
}

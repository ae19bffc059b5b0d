import { apiRequest } from "./api.ts";
import { checkExpiresAt, checkId, checkText, checkVariable } from "./arguments.ts";
import { expectDone, expectElements, expectEntity } from "./shape.ts";
import type { CallContext, Transport } from "./transport.ts";

export type InvitationStatus = "Pending" | "Accepted" | "Expired" | "Revoked";

/** An organization invitation as Logto holds it. Times are epoch milliseconds. */
export type Invitation = {
  readonly id: string;
  readonly invitee: string;
  readonly organizationId: string;
  readonly inviterId: string | null;
  readonly acceptedUserId: string | null;
  readonly status: InvitationStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly organizationRoles: readonly { readonly id: string; readonly name: string }[];
};

export type InvitationFilter = {
  readonly organizationId?: string;
  readonly inviterId?: string;
  /** Any letter case. */
  readonly invitee?: string;
};

/** The variables of the e-mail; `link` and `locale` are Logto's own. */
export type InvitationMessage = {
  readonly [variable: string]: string | number | boolean | undefined;
  readonly link?: string | undefined;
  readonly locale?: string | undefined;
};

export type NewInvitation = {
  readonly organizationId: string;
  /** Lower-case it before: Logto takes another letter case for another invitee. */
  readonly invitee: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly organizationRoleIds?: readonly string[];
  readonly inviterId?: string;
  /** `false`: no e-mail. Otherwise the e-mail is sent, and must succeed, for there to be an invitation. */
  readonly message: false | InvitationMessage;
};

export type StatusChange =
  | { readonly status: "Revoked" }
  | { readonly status: "Accepted"; readonly acceptedUserId: string };

/** The invitations of a tenant. Every method may throw any LogtoError; the likely ones are named. */
export type Invitations = ReturnType<typeof createInvitations>;

// Logto never pages this list: 100,000 invitations are about 35 MB.
const LIST_LIMIT_BYTES = 268_435_456;

export function createInvitations(transport: Transport, context: CallContext, now: () => number) {
  return {
    /**
     * All invitations that fit the filter, newest first, in any status. Logto answers with the whole
     * list at once; it is used while it comes, so that its length does not matter.
     *
     * Source: GET /api/organization-invitations.
     *
     * @throws InvalidArgumentError for an empty filter value, which Logto would take for no filter.
     */
    async *list(filter: InvitationFilter = {}): AsyncGenerator<Invitation, void, undefined> {
      const query = Object.fromEntries(
        Object.entries(filter)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [name, checkText(name, value)]),
      );
      const lists = transport.stream<Invitation>(
        "invitations.list",
        context,
        apiRequest("get", "/api/organization-invitations", { params: { query } }),
        expectElements,
        { bodyLimitBytes: LIST_LIMIT_BYTES },
      );
      for await (const list of lists) yield* list;
    },

    /**
     * Creates an invitation and, with a message, sends its e-mail in the same transaction.
     *
     * Source: POST /api/organization-invitations. Never repeated in place: after UnavailableError look
     * whether it exists.
     *
     * @throws InvalidArgumentError, AlreadyExistsError, AlreadyMemberError, ReferenceNotFoundError,
     * EmailProviderFailedError, RecipientRateLimitedError, NotConfiguredError, InvalidError.
     */
    async create(invitation: NewInvitation): Promise<Invitation> {
      const { message, organizationRoleIds, inviterId } = invitation;
      const body = {
        organizationId: checkText("organizationId", invitation.organizationId),
        invitee: checkText("invitee", invitation.invitee),
        expiresAt: checkExpiresAt(invitation.expiresAt, now()),
        ...(organizationRoleIds === undefined
          ? {}
          : { organizationRoleIds: organizationRoleIds.map((id) => checkText("role id", id)) }),
        ...(inviterId === undefined ? {} : { inviterId: checkText("inviterId", inviterId) }),
        messagePayload: message === false ? false : messageBody(message),
      };
      return transport.send(
        "invitations.create",
        context,
        apiRequest("post", "/api/organization-invitations", { body }),
        expectEntity,
        { email: message !== false },
      );
    },

    /**
     * One invitation.
     *
     * Source: GET /api/organization-invitations/{id}.
     *
     * @throws NotFoundError, InvalidArgumentError.
     */
    async get(id: string): Promise<Invitation> {
      const params = { path: { id: checkId("invitation id", id) } };
      return transport.send(
        "invitations.get",
        context,
        apiRequest("get", "/api/organization-invitations/{id}", { params }),
        expectEntity,
      );
    },

    /**
     * Deletes an invitation in any status. Who accepted it stays a member.
     *
     * Source: DELETE /api/organization-invitations/{id}.
     *
     * @throws NotFoundError (also when a repeat in place finds it gone), InvalidArgumentError.
     */
    async delete(id: string): Promise<void> {
      const params = { path: { id: checkId("invitation id", id) } };
      await transport.send(
        "invitations.delete",
        context,
        apiRequest("delete", "/api/organization-invitations/{id}", { params }),
        expectDone(204),
      );
    },

    /**
     * Sends the invitation's e-mail again. Logto checks neither status nor expiry, and extends
     * nothing: look first whether the invitation is pending.
     *
     * Source: POST /api/organization-invitations/{id}/message. Never repeated in place.
     *
     * @throws NotFoundError, EmailProviderFailedError, RecipientRateLimitedError, NotConfiguredError,
     * InvalidArgumentError.
     */
    async resendMessage(id: string, message: InvitationMessage): Promise<void> {
      const params = { path: { id: checkId("invitation id", id) } };
      const body = messageBody(message);
      await transport.send(
        "invitations.resendMessage",
        context,
        apiRequest("post", "/api/organization-invitations/{id}/message", { params, body }),
        expectDone(204),
        { email: true },
      );
    },

    /**
     * Ends a pending invitation: revoked, or accepted by a user, who joins the organization with the
     * invitation's roles. Never run two changes of one invitation at once: Logto may answer 200 to both.
     *
     * Source: PUT /api/organization-invitations/{id}/status.
     *
     * @throws EndedError when it is not pending (also when a repeat in place finds it ended by the
     * first attempt) or that user may not accept it; NotFoundError when the invitation or the user is
     * unknown; InvalidArgumentError.
     */
    async updateStatus(id: string, change: StatusChange): Promise<Invitation> {
      const params = { path: { id: checkId("invitation id", id) } };
      const body =
        change.status === "Accepted"
          ? {
              status: change.status,
              acceptedUserId: checkText("acceptedUserId", change.acceptedUserId),
            }
          : { status: change.status };
      return transport.send(
        "invitations.updateStatus",
        context,
        apiRequest("put", "/api/organization-invitations/{id}/status", { params, body }),
        expectEntity,
      );
    },
  };
}

/** The type of the body names four variables and Logto takes any. */
function messageBody({ link, locale, ...variables }: InvitationMessage) {
  const checked = Object.entries(variables).map(([name, value]) => [
    name,
    checkVariable(name, value),
  ]);
  return {
    ...Object.fromEntries(checked),
    ...(link === undefined ? {} : { link: checkVariable("link", link) }),
    ...(locale === undefined ? {} : { locale: checkVariable("locale", locale) }),
  };
}

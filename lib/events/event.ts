import * as v from "valibot";
import type { EventAttributes } from "./envelope.ts";
import {
  invitationAcceptData,
  invitationDeleteData,
  invitationResendData,
  invitationRevokeData,
} from "./invitation-changes.ts";
import { invitationCreateData } from "./invitation-create.ts";
import {
  roleScopesAssignData,
  roleScopesRemoveData,
  roleScopesReplaceData,
  roleScopesSyncData,
} from "./role-scopes.ts";

/** Every event type of the contract, each with the schema of its `data`. */
export const typedData = v.variant("type", [
  v.object({ type: v.literal("onboarding.invitation.create"), data: invitationCreateData }),
  v.object({ type: v.literal("onboarding.invitation.resend"), data: invitationResendData }),
  v.object({ type: v.literal("onboarding.invitation.accept"), data: invitationAcceptData }),
  v.object({ type: v.literal("onboarding.invitation.revoke"), data: invitationRevokeData }),
  v.object({ type: v.literal("onboarding.invitation.delete"), data: invitationDeleteData }),
  v.object({ type: v.literal("onboarding.role-scopes.assign"), data: roleScopesAssignData }),
  v.object({ type: v.literal("onboarding.role-scopes.replace"), data: roleScopesReplaceData }),
  v.object({ type: v.literal("onboarding.role-scopes.remove"), data: roleScopesRemoveData }),
  v.object({ type: v.literal("onboarding.role-scopes.sync"), data: roleScopesSyncData }),
]);

type TypedData = v.InferOutput<typeof typedData>;

export type EventType = TypedData["type"];

/** An onboarding event that passed the contract: a union told apart by `type`. */
export type OnboardingEvent = EventAttributes & TypedData;

/** The event of one type. */
export type EventOf<Type extends EventType> = Extract<OnboardingEvent, { type: Type }>;

export const eventTypes: readonly EventType[] = typedData.options.map(
  (option) => option.entries.type.literal,
);

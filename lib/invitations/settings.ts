import { durationSeconds, type SettingsReader } from "../runtime/settings.ts";
import type { CreateSettings } from "./create.ts";

const WEEK_SECONDS = 604_800;

/**
 * What a deployment decides about invitations: `INVITATION_EXPIRES_IN`, the lifetime of one whose
 * event names none, an ISO 8601 duration.
 *
 * @throws SettingsError
 */
export const invitationSettings = (settings: SettingsReader): CreateSettings => ({
  defaultExpirySeconds: settings.optional("INVITATION_EXPIRES_IN", durationSeconds, WEEK_SECONDS),
  defaultMessage: {},
});

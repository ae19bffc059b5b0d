import * as v from "valibot";
import { message as messageField } from "../events/fields.ts";
import { type IfPending, ifPendingPolicies } from "../events/invitation-create.ts";
import { placeholderList, unknownPlaceholders } from "../events/link-template.ts";
import type { InvitationMessage } from "../logto/invitations.ts";
import { durationSeconds, type SettingKind, type SettingsReader } from "../runtime/settings.ts";

/** What a deployment decides about invitations where an event says nothing. */
export type InvitationPolicy = {
  /** Lifetime of an invitation. */
  readonly expirySeconds: number;
  /** Whether an e-mail is sent. */
  readonly sendsEmail: boolean;
  /** Variables of the e-mail. An event's own go before them, one by one. */
  readonly variables: InvitationMessage;
  readonly ifPending: IfPending;
};

const WEEK_SECONDS = 604_800;

/**
 * Reads the policy. Settings: `INVITATION_EXPIRES_IN`, an ISO 8601 duration; `INVITATION_MESSAGE`,
 * `false` or the variables of the e-mail as JSON; `INVITATION_LINK`, a link or link template;
 * `INVITATION_IF_PENDING`.
 *
 * @throws SettingsError
 */
export function invitationPolicy(settings: SettingsReader): InvitationPolicy {
  const message = settings.optional("INVITATION_MESSAGE", messageSetting, {});
  const link = settings.optional("INVITATION_LINK", linkSetting, undefined);
  return {
    expirySeconds: settings.optional("INVITATION_EXPIRES_IN", lifetime, WEEK_SECONDS),
    sendsEmail: message !== false,
    variables: { ...(link === undefined ? {} : { link }), ...(message === false ? {} : message) },
    ifPending: settings.optional("INVITATION_IF_PENDING", ifPendingSetting, "keep"),
  };
}

const lifetime: SettingKind<number> = {
  expects: "an ISO 8601 duration of at most a year, such as P7D",
  parse: (text) => {
    const seconds = durationSeconds.parse(text);
    return seconds !== undefined && seconds <= 366 * 86_400 ? seconds : undefined;
  },
};

const messageSetting: SettingKind<false | InvitationMessage> = {
  expects: 'false, or the variables of the e-mail as JSON, such as {"locale":"en"}',
  parse: (text) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), messageField()), text);
    return parsed.success ? parsed.output : undefined;
  },
};

const linkSetting: SettingKind<string> = {
  expects: `a URL, which may contain ${placeholderList}`,
  parse: (text) =>
    /^https?:\/\//i.test(text) && unknownPlaceholders(text).length === 0 ? text : undefined,
};

const ifPendingSetting: SettingKind<IfPending> = {
  expects: `one of ${ifPendingPolicies.join(", ")}`,
  parse: (text) => ifPendingPolicies.find((policy) => policy === text),
};

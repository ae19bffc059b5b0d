import { closest } from "fastest-levenshtein";
import { invitationPolicy } from "../lib/invitations/policy.ts";
import { announcing } from "../lib/queue/announcing.ts";
import { reconcilePolicy } from "../lib/reconcile/policy.ts";
import {
  anyText,
  durationSeconds,
  positiveNumber,
  type SettingKind,
  wholeNumber,
} from "../lib/runtime/settings.ts";
import { arnOf, asSetting, oneOf, orNothing, wholeNumberBetween } from "./parameter-kinds.ts";

/** A parameter of the deployment cannot be used. The message names it and says what it must be. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
}

/** CloudWatch Logs keeps lines for one of these, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** What each parameter of serverless.yml must be. Its default and its meaning are written there. */
export const parameterKinds: Readonly<Record<string, SettingKind<unknown>>> = {
  invitationExpiresIn: asSetting("INVITATION_EXPIRES_IN", invitationPolicy),
  invitationIfPending: asSetting("INVITATION_IF_PENDING", invitationPolicy),
  invitationMessage: asSetting("INVITATION_MESSAGE", invitationPolicy),
  invitationLink: orNothing(asSetting("INVITATION_LINK", invitationPolicy)),
  outcomeTopicArn: orNothing(asSetting("OUTCOME_TOPIC_ARN", announcing)),
  outcomeEventBus: orNothing(arnOf("the ARN of an EventBridge bus", "events", "event-bus/.+")),
  // The runs of a day must be equally far apart.
  reconcileEveryHours: oneOf(1, 2, 3, 4, 6, 8, 12),
  reconcileChangesAtMost: asSetting("RECONCILE_CHANGES_AT_MOST", reconcilePolicy),
  invitationRemindAfter: orNothing(asSetting("INVITATION_REMIND_AFTER", reconcilePolicy)),
  invitationRenewExpiredWithin: orNothing(
    asSetting("INVITATION_RENEW_EXPIRED_WITHIN", reconcilePolicy),
  ),
  invitationRenewAtMost: asSetting("INVITATION_RENEW_AT_MOST", reconcilePolicy),
  invitationDeleteEndedAfter: orNothing(
    asSetting("INVITATION_DELETE_ENDED_AFTER", reconcilePolicy),
  ),
  roleScopesFile: anyText("the path of a file"),
  roleScopesAllowRemovals: orNothing(asSetting("ROLE_SCOPES_ALLOW_REMOVALS", reconcilePolicy)),
  logtoSecretArn: orNothing(
    arnOf(
      "the whole ARN of a secret, with the six characters at its end",
      "secretsmanager",
      "secret:.+-\\w{6}",
    ),
  ),
  logtoRequestsPerSecond: positiveNumber,
  logtoRequestBurst: wholeNumber(1),
  logtoEmailCreatesInFlight: wholeNumber(1),
  logtoTimeout: durationSeconds,
  logtoEmailTimeout: durationSeconds,
  logtoSecretTtl: durationSeconds,
  // Lambda takes no maximum concurrency below two.
  invitationsConcurrency: wholeNumberBetween(2, 1000),
  roleScopesConcurrency: wholeNumberBetween(2, 1000),
  kmsKeyArn: orNothing(arnOf("the ARN of a KMS key", "kms", "key/.+")),
  logRetentionDays: oneOf(...RETENTION_DAYS),
  tracing: oneOf("PassThrough", "Active"),
  alarmTopicArn: orNothing(arnOf("the ARN of an SNS topic", "sns", "[\\w-]+")),
  alarmEmail: orNothing({
    expects: "an e-mail address",
    parse: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? text : undefined),
  }),
  alarmOldestMessage: durationSeconds,
  deletionPolicy: oneOf("Delete", "Retain", "RetainExceptOnCreate"),
  architecture: oneOf("arm64", "x86_64"),
  deploymentMethod: oneOf("changesets", "direct"),
};

/**
 * Checks a stage's name, which is in the names of roles, queues, functions and alarms.
 *
 * @throws ParameterError
 */
export function checkStage(stage: string): void {
  // IAM takes 64 characters: logto-onboarding-<stage>-<region>-dead-letters, and regions have up to 15.
  if (/^[a-z][a-z\d-]{0,17}$/i.test(stage)) return;
  throw new ParameterError(
    "The stage cannot be used: name it with up to 18 letters, digits and hyphens, a letter first.",
  );
}

/** As serverless hands them over: text from the command line, anything that YAML knows from the file. */
export type GivenParameters = Readonly<Record<string, unknown>>;

/**
 * Checks the parameters of a deployment.
 *
 * @returns them as text.
 * @throws ParameterError for one that is not known, and for one that cannot be used.
 */
export function checkParameters(given: GivenParameters): Readonly<Record<string, string>> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(parameterKinds, name) ? parameterKinds[name] : undefined;
    if (kind === undefined) {
      const nearest = closest(name, Object.keys(parameterKinds));
      throw new ParameterError(`There is no parameter ${name}: did you mean ${nearest}?`);
    }
    const text = typeof value === "object" ? "" : String(value).trim();
    if (typeof value === "object" || kind.parse(text) === undefined) {
      throw new ParameterError(`The parameter ${name} cannot be used: set it to ${kind.expects}.`);
    }
    checked[name] = text;
  }
  return checked;
}

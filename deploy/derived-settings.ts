import { durationSeconds } from "../lib/runtime/settings.ts";
import { checkParameters, type GivenParameters, ParameterError } from "./parameters.ts";
import { type BudgetedFunction, divideBudget } from "./request-budget.ts";

const HOUR_SECONDS = 3_600;

/** What serverless.yml takes from the parameters by calculating, as `${derived:name}`. */
export type DerivedSettings = Readonly<Record<string, number>>;

/**
 * Calculates what the template needs beside the parameters themselves.
 *
 * @throws ParameterError for a parameter that cannot be used, alone or together with the others.
 */
export function derivedSettings(given: GivenParameters): DerivedSettings {
  const parameters = checkParameters(given);
  const number = (name: string): number => Number(parameters[name]);
  const seconds = (name: string): number => durationSeconds.parse(parameters[name] ?? "") ?? 0;
  const parts = divideBudget({
    requestsPerSecond: number("logtoRequestsPerSecond"),
    burst: number("logtoRequestBurst"),
    emailCreatesInFlight: number("logtoEmailCreatesInFlight"),
    concurrency: {
      invitations: number("invitationsConcurrency"),
      roleScopes: number("roleScopesConcurrency"),
    },
  });
  if (parts === undefined) {
    throw new ParameterError(
      "The parameters logtoRequestsPerSecond, logtoRequestBurst and logtoEmailCreatesInFlight leave a container " +
        "without a request: raise them, or lower invitationsConcurrency and roleScopesConcurrency.",
    );
  }
  if (parameters["alarmTopicArn"] !== "" && parameters["alarmEmail"] !== "") {
    throw new ParameterError(
      "The parameter alarmEmail is for the topic that the stack makes: leave it out, and subscribe the address to " +
        "the topic of alarmTopicArn.",
    );
  }
  const [renewed, kept] = ["invitationRenewExpiredWithin", "invitationDeleteEndedAfter"].map(
    seconds,
  );
  if (renewed && kept && kept <= renewed) {
    throw new ParameterError(
      "The parameter invitationDeleteEndedAfter cannot be used: set it to a duration longer than " +
        "invitationRenewExpiredWithin.",
    );
  }
  const names: readonly BudgetedFunction[] = ["invitations", "roleScopes", "reconcile"];
  const budgets = names.flatMap((name) =>
    Object.entries(parts[name]).map(([part, value]) => [`${name}.${part}`, value] as const),
  );
  return {
    ...Object.fromEntries(budgets),
    reconcileEverySeconds: number("reconcileEveryHours") * HOUR_SECONDS,
    alarmOldestMessageSeconds: seconds("alarmOldestMessage"),
  };
}

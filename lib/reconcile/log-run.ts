import type { Logger } from "@aws-lambda-powertools/logger";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { ReconcileAnswer } from "./answer.ts";

/**
 * Logs what a run did, and counts what somebody should look at: `DriftedRoles`, `PlanRefused`,
 * `RemindersMissed`. A run by hand tells whoever asked for it; what a scheduled one could not do
 * is a line of its own.
 */
export function logRun(answer: ReconcileAnswer, logger: Logger, metrics: Metrics): void {
  const { eventIds: _ids, roleScopes, ...facts } = answer;
  // The lists may be longer than a log line.
  const { drifted: _drifted, unresolved: _unresolved, ...roleCounts } = roleScopes ?? {};
  logger.info(answer.dryRun ? "reconciled, as a dry run" : "reconciled", {
    ...facts,
    ...(roleScopes === undefined ? {} : { roleScopes: roleCounts }),
  });
  if (answer.scheduledTime === undefined || answer.dryRun) return;
  if (roleScopes !== undefined && roleScopes.failed === undefined) {
    metrics.addMetric("DriftedRoles", MetricUnit.Count, roleScopes.driftedRoles);
  }
  if (roleScopes?.refused !== undefined) {
    logger.error(roleScopes.refused);
    metrics.addMetric("PlanRefused", MetricUnit.Count, 1);
  }
  const missed = answer.invitations?.reminders?.missed;
  if (missed !== undefined) {
    logger.warn("reminders were missed", { ...missed });
    metrics.addMetric("RemindersMissed", MetricUnit.Count, missed.count ?? 1);
  }
}

/** A scheduled run could not do all it was to do. Lambda runs it again. */
export class ReconcileError extends Error {
  override readonly name = "ReconcileError";
}

/** @throws ReconcileError for a scheduled run that failed. By hand the answer says so. */
export function throwIfFailed({ scheduledTime, failed, roleScopes, invitations }: ReconcileAnswer) {
  const failures = [failed, roleScopes?.failed, invitations?.failed].filter(
    (failure) => failure !== undefined,
  );
  if (scheduledTime !== undefined && failures.length > 0) {
    throw new ReconcileError(failures.join(" "));
  }
}

import { reconcile } from "../../lib/reconcile/run.ts";
import { clientOf } from "./client.ts";
import { NEWEST } from "./invitations.ts";
import { measure } from "./measured.ts";

const DAY_MS = 86_400_000;

/** Decides about every invitation of the list: reminders, renewals and deletions, as a dry run. */
await measure(async (endpoint) => {
  const { invitations } = await reconcile(
    { dryRun: true, scheduledAt: NEWEST },
    {
      logto: clientOf(endpoint),
      sqs: () => {
        throw new Error("A dry run sends nothing.");
      },
      queueUrls: { invitations: "", "role-scopes": "" },
      policy: {
        everyMs: 3_600_000,
        remindAfter: [
          { text: "P3D", ms: 3 * DAY_MS },
          { text: "P6D", ms: 6 * DAY_MS },
        ],
        renewal: { withinMs: 2 * DAY_MS, atMost: 1 },
        keepEndedMs: 30 * DAY_MS,
        changesAtMost: 1_000,
        roleScopesFile: "",
      },
      declaration: undefined,
      now: () => NEWEST,
      endBy: Date.now() + 600_000,
      onProgress: () => {},
    },
  );
  const { reminders, renewals, deletions } = invitations ?? {};
  if (reminders?.due !== 120 || renewals?.due !== 960 || deletions?.due !== 1_000) {
    throw new Error("The reconciliation did not find what there is to find.");
  }
  return invitations?.read ?? 0;
});

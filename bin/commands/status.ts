import { styleText } from "node:util";
import { Command } from "commander";
import type { LogtoClient } from "../../lib/logto/client.ts";
import { table } from "../../local/table.ts";
import { explainIn } from "../explain.ts";
import { findCredentials, openLogto } from "../logto.ts";
import type { QueueStatus } from "../queue-status.ts";
import { findTarget, type Target, type TargetOptions, withTarget } from "../target.ts";
import { isRegionMissing, UsageError } from "../usage-error.ts";
import { VERSION } from "../version.ts";

type StatusOptions = TargetOptions & { json?: boolean };

/** Whether something answers, and in words what it says. */
type Check = { readonly name: string; readonly ok: boolean; readonly says: string };

/** `onboarding status`: one look at everything that an onboarding event needs. */
export const statusCommand = (): Command =>
  withTarget(new Command("status"))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
"oldest" is the age of the oldest waiting message as CloudWatch has it; "-" where there is none or
CloudWatch does not say.

Examples:
  onboarding status --local
  onboarding status --stage prod --json

Exit codes: 0 all answer, 1 something does not, 2 something is wrong with the command.`,
    )
    .action(status);

async function status(options: StatusOptions): Promise<void> {
  const target = await findTarget(options);
  const [{ queues, problems }, ofLogto] = await Promise.all([
    lookAtQueues(target),
    checkLogto(target),
  ]);
  const checks = [...problems, ...ofLogto];
  const versions = { onboarding: VERSION, node: process.version };
  if (options.json) console.log(JSON.stringify({ queues, checks, versions }, undefined, 2));
  else print(queues, checks, versions);
  if (!checks.every(({ ok }) => ok)) process.exitCode = 1;
}

/** Queues that do not answer are no reason not to look at the rest. */
async function lookAtQueues(
  target: Target,
): Promise<{ queues: readonly QueueStatus[]; problems: readonly Check[] }> {
  const { queueStatuses } = await import("../queue-status.ts");
  try {
    return { queues: await queueStatuses(target), problems: [] };
  } catch (error) {
    if (error instanceof UsageError || isRegionMissing(error)) throw error;
    return {
      queues: [],
      problems: [{ name: "queues", ok: false, says: explainIn(target.environment, error) }],
    };
  }
}

function print(
  queues: readonly QueueStatus[],
  checks: readonly Check[],
  versions: Readonly<Record<string, string>>,
): void {
  const rows = queues.map((queue) => [
    queue.name,
    String(queue.waiting),
    String(queue.inFlight),
    queue.oldestSeconds === undefined ? "-" : `${queue.oldestSeconds} s`,
    String(queue.deadLetters),
  ]);
  if (rows.length > 0) {
    console.log(table([["queue", "waiting", "in flight", "oldest", "dead letters"], ...rows]));
    console.log();
  }
  console.log(
    table([
      ["check", "", "says"],
      ...checks.map(({ name, ok, says }) => [
        name,
        verdict(ok),
        says.length > LONGEST_CELL ? "see below" : says,
      ]),
    ]),
  );
  for (const { name, says } of checks.filter((one) => one.says.length > LONGEST_CELL)) {
    console.log(`\n${name}: ${says}`);
  }
  const told = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`\n${told.join(", ")}`);
}

/** A longer text would not stand in one line of a terminal. */
const LONGEST_CELL = 80;

/** In colour on a terminal, unless NO_COLOR is set. */
function verdict(ok: boolean): string {
  const word = ok ? "ok" : "FAILED";
  const isColoured = process.stdout.isTTY && process.stdout.hasColors();
  return isColoured
    ? styleText(ok ? "green" : "red", word.padEnd(6), { validateStream: false })
    : word;
}

async function checkLogto(target: Target): Promise<readonly Check[]> {
  const secret = await check("secret", target, async () => {
    const { endpoint, appId } = await findCredentials(target.environment).get();
    return `app ${appId} at ${endpoint}`;
  });
  if (!secret.ok) return [secret];
  return [secret, await check("Logto", target, () => firstRole(openLogto(target)))];
}

/** The cheapest call that needs a token with the scope: one page of roles. */
async function firstRole(logto: LogtoClient): Promise<string> {
  for await (const _ of logto.organizationRoles.list()) return "answers, and lets the app in";
  return "answers, and holds no organization role";
}

async function check(name: string, target: Target, run: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, says: await run() };
  } catch (error) {
    return { name, ok: false, says: explainIn(target.environment, error) };
  }
}

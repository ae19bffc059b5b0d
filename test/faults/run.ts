import { setTimeout as wait } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { publishEvents } from "../../lib/events/publish.ts";
import { QUEUE_NAMES } from "../../lib/events/queue-name.ts";
import { createBudget } from "../../lib/logto/budget.ts";
import { createLogtoClient } from "../../lib/logto/client.ts";
import { fixedCredentials } from "../../lib/logto/credentials.ts";
import { type Check, checkRun } from "./checks.ts";
import { drainDeadLetters } from "./dead-letters.ts";
import { createDice } from "./dice.ts";
import { readFinalState } from "./final-state.ts";
import { startLogtoProxy } from "./logto-proxy.ts";
import { type FaultMessage, writeMessages } from "./messages.ts";
import { createRecord } from "./record.ts";
import { writeRoleScripts } from "./role-scripts.ts";
import { roleCloudEvent } from "./role-tenant.ts";
import { writeScripts } from "./scripts.ts";
import { runSequentially } from "./sequential-run.ts";
import { openStage, type Stage } from "./stage.ts";
import { openTarget } from "./target.ts";
import { cloudEvent, createTenant } from "./tenant.ts";

export type FaultRunOptions = {
  readonly events: number;
  readonly seed: number;
  readonly log: (line: string) => void;
};

export type FaultRun = {
  readonly checks: readonly Check[];
  /** What happened, for a person to judge how hard the run was. */
  readonly facts: readonly (readonly [string, string])[];
};

/** At once, of each function. */
const WORKERS = { invitations: 4, "role-scopes": 2 } as const;

/** Share of the events that are about a role. */
const ROLE_SCOPES = 0.15;

const SLOW_MS = 1_500;
const OUTAGE_MS = 4_000;
const UNREACHABLE_MS = 3_000;
const PATIENCE_MS = 540_000;

/** Shares of the work done at which something happens. */
const KILLS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.45];
const OUTAGE_AT = 0.25;
const ROTATION_AT = 0.5;
const UNREACHABLE_AT = 0.6;

/** Sends scripted events through the real queues and functions while everything fails, and checks the end. */
export async function runFaults({ events, seed, log }: FaultRunOptions): Promise<FaultRun> {
  const dice = createDice(seed);
  const ofRoles = Math.round(events * ROLE_SCOPES);
  const roleScripts = writeRoleScripts(ofRoles, dice);
  const invitees = writeScripts(events - ofRoles, dice);
  const subjects = `${invitees.length} invitees and ${roleScripts.length} roles`;
  const startedAt = Date.now() - 60_000;
  const timeOf = (eventId: string): number => {
    const [number = 0, index = 0] = (eventId.match(/\d+/g) ?? []).map(Number);
    return startedAt + index * 1_000 + (number % 1_000);
  };
  log(`${subjects} with ${events} events; the same without faults first`);
  const sequential = await runSequentially(invitees, roleScripts, timeOf);

  const target = await openTarget();
  const proxy = await startLogtoProxy(target.credentials().endpoint, dice, SLOW_MS);
  const behindProxy = { ...target.credentials(), endpoint: proxy.endpoint };
  const tenant = await createTenant(target.credentials, invitees, roleScripts);
  const stage = await openStage(behindProxy, WORKERS, log);
  const record = createRecord();
  let sampler: NodeJS.Timeout | undefined;
  let twicePending = 0;
  try {
    const scripts = [
      ...invitees.map((invitee) =>
        invitee.events.map(({ id }, index) => cloudEvent(invitee, index, timeOf(id), tenant)),
      ),
      ...roleScripts.map((script) =>
        script.events.map(({ id }, index) =>
          roleCloudEvent(script, index, timeOf(id), tenant.roles),
        ),
      ),
    ];
    const messages = writeMessages(scripts, sequential.outcomes, dice);
    const messageIds = await publish(messages, stage);
    const distinct = new Set(messageIds);
    log(`${messages.length} messages published, of which SQS kept ${distinct.size}`);
    sampler = setInterval(() => {
      twicePending = Math.max(twicePending, target.inviteesPendingTwice());
    }, 200);
    const beganAt = performance.now();
    stage.startWorkers(record.take);
    const kills = await untilDone(distinct, record.finals, stage, log, {
      outage: (isOn) => {
        proxy.emailOutage = isOn;
      },
      rotate: async () => {
        const rotated = target.rotate();
        if (rotated === undefined) return;
        await stage.setSecret({ ...behindProxy, appSecret: rotated.secret });
        rotated.removeOld();
      },
    });
    const seconds = Math.round((performance.now() - beganAt) / 1000);
    proxy.calm = true;
    const logto = createLogtoClient({
      credentials: fixedCredentials(target.credentials()),
      budget: createBudget({ requestsPerSecond: 50, burst: 50, emailCreatesInFlight: 1 }),
      timeoutMs: 60_000,
      emailTimeoutMs: 60_000,
    });
    const checks = checkRun({
      invitees,
      messages,
      messageIds,
      sequential,
      finals: record.finals,
      deadLetters: await drainDeadLetters(stage),
      state: await readFinalState(logto, tenant, invitees, roleScripts),
      twicePending,
      lines: record.lines,
      secrets: [...proxy.tokens, ...target.secrets()],
    });
    const count = (tally: ReadonlyMap<string, number>): string =>
      [...tally].map(([name, times]) => `${times} ${name}`).join(", ");
    return {
      checks,
      facts: [
        ["events", `${events} of ${subjects}, ${messages.length} messages`],
        ["time", `${seconds} s, delays a hundred times shorter`],
        ["faults", count(proxy.struck)],
        ["workers killed in mid-batch", String(kills)],
        ["tried again", count(record.retries)],
      ],
    };
  } finally {
    clearInterval(sampler);
    await stage.stop();
    await proxy.stop();
    await tenant.remove().catch(() => log("the tenant could not be cleaned up"));
    await target.stop();
  }
}

/** @returns the SQS message id of each, in order. */
async function publish(
  messages: readonly FaultMessage[],
  { aws, queues }: Stage,
): Promise<readonly string[]> {
  const ids = new Map<FaultMessage, string>();
  for (const name of QUEUE_NAMES) {
    const own = messages.filter(({ queue }) => queue === name);
    const prepared = own.map((message) => ({ ...message, eventId: "", eventType: "" }));
    const taken = await publishEvents(aws.sqs, queues[name].queueUrl, prepared);
    for (const [index, message] of own.entries()) ids.set(message, taken[index] ?? "");
  }
  return messages.map((message) => ids.get(message) ?? "");
}

type Troubles = {
  readonly outage: (isOn: boolean) => void;
  readonly rotate: () => Promise<void>;
};

/** Waits until every message has its final outcome and the queues are empty, making trouble meanwhile. */
async function untilDone(
  messageIds: ReadonlySet<string>,
  finals: ReadonlyMap<string, unknown>,
  stage: Stage,
  log: (line: string) => void,
  troubles: Troubles,
): Promise<number> {
  const due = [
    ...KILLS.map((share) => ({ share, make: async () => stage.killBusyWorker() })),
    { share: OUTAGE_AT, make: () => forAWhile(OUTAGE_MS, troubles.outage) },
    { share: ROTATION_AT, make: () => troubles.rotate().then(() => true) },
    {
      share: UNREACHABLE_AT,
      make: () =>
        forAWhile(UNREACHABLE_MS, (isOn) => {
          stage.proxy.unreachable = isOn;
        }),
    },
  ].toSorted((a, b) => a.share - b.share);
  const deadline = Date.now() + PATIENCE_MS;
  let told = 0;
  while (Date.now() < deadline) {
    const share = finals.size / messageIds.size;
    if (share >= told + 0.1) {
      told = share;
      log(`${Math.round(share * 100)} %`);
    }
    const [next] = due;
    if (next !== undefined && share >= next.share && (await next.make())) due.shift();
    if (finals.size >= messageIds.size && (await isEmpty(stage))) break;
    await wait(25);
  }
  return KILLS.length - due.filter(({ share }) => KILLS.includes(share)).length;
}

async function forAWhile(durationMs: number, turn: (isOn: boolean) => void): Promise<boolean> {
  turn(true);
  await wait(durationMs);
  turn(false);
  return true;
}

async function isEmpty({ aws, queues }: Stage): Promise<boolean> {
  for (const name of QUEUE_NAMES) {
    const { Attributes = {} } = await aws.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queues[name].queueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    if (Object.values(Attributes).some((count) => count !== "0")) return false;
  }
  return true;
}

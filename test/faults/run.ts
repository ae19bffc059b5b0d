import { setTimeout as wait } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { publishEvents } from "../../lib/events/publish.ts";
import { createBudget } from "../../lib/logto/budget.ts";
import { createLogtoClient } from "../../lib/logto/client.ts";
import { fixedCredentials } from "../../lib/logto/credentials.ts";
import { type Check, checkRun } from "./checks.ts";
import { drainDeadLetters } from "./dead-letters.ts";
import { createDice } from "./dice.ts";
import { readFinalState } from "./final-state.ts";
import { startLogtoProxy } from "./logto-proxy.ts";
import { writeMessages } from "./messages.ts";
import { createRecord } from "./record.ts";
import { writeScripts } from "./scripts.ts";
import { runSequentially } from "./sequential-run.ts";
import { openStage, type Stage } from "./stage.ts";
import { openTarget } from "./target.ts";
import { createTenant } from "./tenant.ts";

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

const WORKERS = 4;
const SLOW_MS = 1_500;
const OUTAGE_MS = 4_000;
const UNREACHABLE_MS = 3_000;
const PATIENCE_MS = 540_000;

/** Shares of the work done at which something happens. */
const KILLS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.45];
const OUTAGE_AT = 0.25;
const ROTATION_AT = 0.5;
const UNREACHABLE_AT = 0.6;

/** Sends scripted events through the real queue and function while everything fails, and checks the end. */
export async function runFaults({ events, seed, log }: FaultRunOptions): Promise<FaultRun> {
  const dice = createDice(seed);
  const invitees = writeScripts(events, dice);
  const startedAt = Date.now() - 60_000;
  const timeOf = (eventId: string): number => {
    const [number = 0, index = 0] = eventId.split(".").map(Number);
    return startedAt + index * 1_000 + (number % 1_000);
  };
  log(`${invitees.length} invitees with ${events} events; the same without faults first`);
  const sequential = await runSequentially(invitees, timeOf);

  const target = await openTarget();
  const proxy = await startLogtoProxy(target.credentials().endpoint, dice, SLOW_MS);
  const behindProxy = { ...target.credentials(), endpoint: proxy.endpoint };
  const tenant = await createTenant(target.credentials, invitees);
  const stage = await openStage(behindProxy, WORKERS, log);
  const record = createRecord();
  let sampler: NodeJS.Timeout | undefined;
  let twicePending = 0;
  try {
    const messages = writeMessages(invitees, tenant, timeOf, sequential.outcomes, dice);
    const messageIds = await publishEvents(
      stage.aws.sqs,
      stage.queueUrl,
      messages.map((message) => ({
        ...message,
        eventId: "",
        eventType: "",
        queue: "invitations" as const,
      })),
    );
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
      state: await readFinalState(logto, tenant, invitees),
      twicePending,
      lines: record.lines,
      secrets: [...proxy.tokens, ...target.secrets()],
    });
    const count = (tally: ReadonlyMap<string, number>): string =>
      [...tally].map(([name, times]) => `${times} ${name}`).join(", ");
    return {
      checks,
      facts: [
        ["events", `${events} of ${invitees.length} invitees, ${messages.length} messages`],
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

type Troubles = {
  readonly outage: (isOn: boolean) => void;
  readonly rotate: () => Promise<void>;
};

/** Waits until every message has its final outcome and the queue is empty, making trouble meanwhile. */
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

async function isEmpty({ aws, queueUrl }: Stage): Promise<boolean> {
  const { Attributes = {} } = await aws.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(Attributes).every((count) => count === "0");
}

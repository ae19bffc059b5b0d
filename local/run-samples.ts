import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { eventMessage } from "../lib/events/message.ts";
import { createBudget } from "../lib/logto/budget.ts";
import { createLogtoClient, type LogtoClient } from "../lib/logto/client.ts";
import { fixedCredentials } from "../lib/logto/credentials.ts";
import { NotFoundError } from "../lib/logto/errors.ts";
import type { LoggedOutcome, Outcomes } from "./outcomes.ts";
import type { Sample } from "./samples.ts";
import type { Stack } from "./stack.ts";
import { table } from "./table.ts";

/** A sample that has no outcome after this long will not get one while somebody watches. */
const PATIENCE_MS = 60_000;

type Result = {
  readonly sample: Sample;
  readonly outcome?: LoggedOutcome;
  readonly durationMs?: number;
  readonly asExpected: boolean;
};

/**
 * Publishes the samples, waits for the outcome of each and tells what came of them.
 *
 * @returns the table, and whether every sample ended as expected.
 */
export async function runSamples(
  samples: readonly Sample[],
  stack: Stack,
  outcomes: Outcomes,
): Promise<{ text: string; allAsExpected: boolean }> {
  const patience = new AbortController();
  const outOfPatience = wait(PATIENCE_MS, undefined, { signal: patience.signal }).catch(
    () => undefined,
  );
  const pending: Promise<Result>[] = [];
  for (const sample of samples) {
    const sentAt = performance.now();
    const messageId = await send(sample, stack);
    const ended = Promise.race([outcomes.final(messageId), outOfPatience]);
    pending.push(ended.then((final) => resultOf(sample, final, sentAt)));
  }
  const results = await Promise.all(pending);
  patience.abort();
  const logto = createLogtoClient({
    credentials: fixedCredentials(stack.logto.credentials),
    budget: createBudget({ requestsPerSecond: 10, burst: 10, emailCreatesInFlight: 1 }),
    timeoutMs: 10_000,
    emailTimeoutMs: 10_000,
  });
  const rows = await Promise.all(results.map((result) => row(result, stack, logto)));
  return {
    text: table([HEADING, ...rows]),
    allAsExpected: results.every(({ asExpected }) => asExpected),
  };
}

const HEADING = ["event", "outcome", "invitation", "status now", "e-mail", "time", "Logto calls"];

/** Logical ids of serverless.yml. */
const QUEUE_IDS = { invitations: "InvitationsQueue", "role-scopes": "RoleScopesQueue" } as const;

/** Sends a sample as a producer would, and one that is no event as a broken producer would. */
async function send(sample: Sample, stack: Stack): Promise<string> {
  const parsed = eventMessage(parseOrText(sample.body), Date.now());
  const queue = parsed.ok ? parsed.message.queue : meantFor(sample);
  const { MessageId } = await stack.sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queue(QUEUE_IDS[queue]).url,
      MessageBody: parsed.ok ? parsed.message.body : sample.body,
      MessageGroupId: parsed.ok ? parsed.message.groupId : sample.file.replaceAll("/", "."),
      MessageDeduplicationId: parsed.ok
        ? parsed.message.deduplicationId
        : `${sample.file.replaceAll("/", ".")}-${Date.now()}`,
    }),
  );
  return MessageId ?? "";
}

/** The queue of what is no event: the samples are named by their type. */
const meantFor = ({ file }: Sample): keyof typeof QUEUE_IDS =>
  basename(file).startsWith("role-scopes.") ? "role-scopes" : "invitations";

function parseOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function resultOf(
  sample: Sample,
  final: { outcome: LoggedOutcome; at: number } | undefined,
  sentAt: number,
): Result {
  if (final === undefined) return { sample, asExpected: false };
  const { outcome } = final;
  const asExpected =
    outcome.outcome === sample.expected.outcome && reasonOf(outcome) === sample.expected.reason;
  return { sample, outcome, durationMs: final.at - sentAt, asExpected };
}

async function row(result: Result, stack: Stack, logto: LogtoClient): Promise<readonly string[]> {
  const { sample, outcome, durationMs } = result;
  const name = sample.file.replace(/\.json$/, "");
  if (outcome === undefined || durationMs === undefined) {
    return [name, "NONE YET", "", "", "", `> ${PATIENCE_MS / 1000} s`, ""];
  }
  const { invitationId } = outcome;
  const told = `${outcome.outcome}: ${reasonOf(outcome)}`;
  const wanted = `${sample.expected.outcome}: ${sample.expected.reason}`;
  return [
    name,
    result.asExpected ? told : `${told} (EXPECTED ${wanted})`,
    invitationId ?? "-",
    invitationId === undefined ? "-" : await statusOf(invitationId, logto),
    emailSent(sample, outcome, stack),
    `${Math.round(durationMs)} ms`,
    String(outcome.logtoCalls),
  ];
}

const MAILING: readonly string[] = ["created", "replaced", "renewed", "resent"];

/** Whether the event's e-mail went out: Logto says so by its answer, and the outbox must agree. */
function emailSent({ invitee, withEmail }: Sample, outcome: LoggedOutcome, stack: Stack): string {
  const isSent = withEmail && MAILING.includes(outcome.detail ?? "");
  if (!isSent || invitee === undefined) return "-";
  return stack.logto.emailsTo(invitee) === 0 ? "LOST" : "sent";
}

/** What an invitation is when all samples are through. */
async function statusOf(id: string, logto: LogtoClient): Promise<string> {
  try {
    return (await logto.invitations.get(id)).status;
  } catch (error) {
    if (error instanceof NotFoundError) return "(deleted)";
    throw error;
  }
}

const reasonOf = (outcome: LoggedOutcome): string => outcome.detail ?? outcome.reason ?? "";

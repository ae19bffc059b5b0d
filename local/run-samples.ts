import { setTimeout as wait } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { eventMessage } from "../lib/events/message.ts";
import { createBudget } from "../lib/logto/budget.ts";
import { createLogtoClient, type LogtoClient } from "../lib/logto/client.ts";
import { fixedCredentials } from "../lib/logto/credentials.ts";
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

const HEADING = ["event", "outcome", "invitation", "status", "e-mail", "time", "Logto calls"];

/** Sends a sample as a producer would, and one that is no event as a broken producer would. */
async function send(sample: Sample, stack: Stack): Promise<string> {
  const parsed = eventMessage(parseOrText(sample.body), Date.now());
  const { MessageId } = await stack.sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queue("InvitationsQueue").url,
      MessageBody: parsed.ok ? parsed.message.body : sample.body,
      MessageGroupId: parsed.ok ? parsed.message.groupId : sample.file.replaceAll("/", "."),
      MessageDeduplicationId: parsed.ok
        ? parsed.message.deduplicationId
        : `${sample.file.replaceAll("/", ".")}-${Date.now()}`,
    }),
  );
  return MessageId ?? "";
}

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
    invitationId === undefined ? "-" : (await logto.invitations.get(invitationId)).status,
    email(sample, outcome, stack),
    `${Math.round(durationMs)} ms`,
    String(outcome.logtoCalls),
  ];
}

/** From the outbox where there is one. A real Logto creates nothing when its e-mail was not sent. */
function email(sample: Sample, outcome: LoggedOutcome, stack: Stack): string {
  const sent =
    sample.invitee === undefined
      ? 0
      : (stack.logto.emailsTo(sample.invitee) ??
        Number(outcome.detail === "created" && sample.asksForEmail));
  return sent === 0 ? "-" : "sent";
}

const reasonOf = (outcome: LoggedOutcome): string => outcome.detail ?? outcome.reason ?? "";

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { EventType } from "../lib/events/event.ts";
import { type EventMessage, eventMessage } from "../lib/events/message.ts";
import { problemsSentence } from "../lib/events/problem.ts";
import { logtoSentence } from "../local/explain-logto.ts";
import { inTermsOf } from "./explain.ts";
import { findTarget, type Target, type TargetOptions, withTarget } from "./target.ts";
import { UsageError } from "./usage-error.ts";

export type SendOptions = TargetOptions & {
  readonly direct?: boolean;
  readonly json?: boolean;
  readonly eventId?: string;
};

/** Gives a command that asks for a change the options that all of them have. */
export const withSending = (command: Command): Command =>
  withTarget(command)
    .option("--direct", "carry it out at Logto now instead of publishing it, and tell the outcome")
    .option("--event-id <id>", "the event's id: the same one again changes nothing")
    .option("--json", "print JSON");

export const SENDING_HELP = `
Without --direct the event is published and the stack's function carries it out, in order with all
others. With --direct it is carried out here, by the same code, and nothing is tried again.

Exit codes: 0 published or done, 1 not done or AWS or Logto failed, 2 something is wrong with the command.`;

/**
 * Publishes an event to its queue or, with `--direct`, carries it out, and says what came of it.
 *
 * @throws UsageError naming what is wrong with the event; nothing is sent then.
 */
export async function sendEvent(
  type: EventType,
  data: Readonly<Record<string, unknown>>,
  options: SendOptions,
): Promise<void> {
  const event = {
    specversion: "1.0",
    id: options.eventId ?? randomUUID(),
    source: "/onboarding/command-line",
    type,
    time: new Date().toISOString(),
    data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
  };
  const made = eventMessage(event, Date.now());
  if (!made.ok) throw new UsageError(`Nothing was sent: ${problemsSentence(made.problems)}`);
  const { message } = made;
  const target = await findTarget(options);
  if (options.direct) {
    const { carryOutDirectly } = await import("./direct.ts");
    const outcome = await carryOutDirectly(event, message.queue, target, options.stage);
    const line = inTermsOf(target.environment, outcomeLine(outcome));
    console.log(options.json ? JSON.stringify(outcome, undefined, 2) : line);
    if (outcome.outcome !== "done") process.exitCode = 1;
    return;
  }
  await publish(message, target);
  const published = { eventId: message.eventId, eventType: type, queue: message.queue };
  console.log(
    options.json
      ? JSON.stringify(published, undefined, 2)
      : `Published event ${message.eventId} to ${message.queue}: the function's log tells its outcome.`,
  );
}

async function publish(message: EventMessage, { openSqs, queueUrl }: Target): Promise<void> {
  const url = queueUrl(message.queue);
  const { publishEvents } = await import("../lib/events/publish.ts");
  const sqs = await openSqs();
  try {
    await publishEvents(sqs, url, [message]);
  } finally {
    sqs.destroy();
  }
}

type DirectOutcome = Awaited<ReturnType<typeof import("./direct.ts").carryOutDirectly>>;

function outcomeLine(outcome: DirectOutcome): string {
  if (outcome.outcome !== "done") {
    const says = logtoSentence(outcome.reason, outcome.sentence);
    const isSaid = outcome.outcome !== "retry" || /try again|: (?:check|see) /.test(says);
    return `not done: ${outcome.reason}. ${says}${isSaid ? "" : " Nothing tries again by itself: run the command again later."}`;
  }
  const { detail, invitationId, organizationRoleId, assigned, removed } = outcome;
  return [
    `done: ${detail}`,
    ...(invitationId === undefined ? [] : [`invitation ${invitationId}`]),
    ...(organizationRoleId === undefined ? [] : [`organization role ${organizationRoleId}`]),
    ...(assigned === undefined ? [] : [`${assigned} assigned`]),
    ...(removed === undefined ? [] : [`${removed} removed`]),
  ].join(", ");
}

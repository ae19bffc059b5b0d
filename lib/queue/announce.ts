import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { OutcomeEvent } from "./outcome-event.ts";

/** Where outcomes are told: an SNS topic, an EventBridge bus, or both. */
export type Announcement = {
  readonly topicArn?: string;
  /** Name or ARN. */
  readonly eventBus?: string;
};

/** Telling is worth little time: the work is done. */
const TIMEOUT_MS = 2_000;

let clients: { sns: SNSClient; eventBridge: EventBridgeClient } | undefined;

/**
 * Tells how an event ended.
 *
 * Source: SNS Publish, EventBridge PutEvents.
 *
 * @param group the message group, for a FIFO topic.
 * @throws when it could not be told in time.
 */
export async function announce(
  { topicArn, eventBus }: Announcement,
  event: OutcomeEvent,
  group: string,
): Promise<void> {
  clients ??= { sns: new SNSClient({}), eventBridge: new EventBridgeClient({}) };
  const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
  const told = await Promise.allSettled([
    topicArn && publish(clients.sns, topicArn, event, group, abortSignal),
    eventBus && putEvent(clients.eventBridge, eventBus, event, abortSignal),
  ]);
  for (const result of told) if (result.status === "rejected") throw result.reason;
}

async function publish(
  sns: SNSClient,
  topicArn: string,
  event: OutcomeEvent,
  group: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const fifo = { MessageGroupId: group, MessageDeduplicationId: event.id };
  const command = new PublishCommand({
    TopicArn: topicArn,
    Message: JSON.stringify(event),
    MessageAttributes: { type: { DataType: "String", StringValue: event.type } },
    ...(topicArn.endsWith(".fifo") ? fifo : {}),
  });
  await sns.send(command, { abortSignal });
}

async function putEvent(
  eventBridge: EventBridgeClient,
  eventBus: string,
  event: OutcomeEvent,
  abortSignal: AbortSignal,
): Promise<void> {
  const entry = {
    EventBusName: eventBus,
    Source: "logto-onboarding",
    DetailType: event.type,
    Detail: JSON.stringify(event),
  };
  const command = new PutEventsCommand({ Entries: [entry] });
  const { FailedEntryCount = 0, Entries = [] } = await eventBridge.send(command, { abortSignal });
  if (FailedEntryCount > 0) throw new Error(`EventBridge refused it: ${Entries[0]?.ErrorCode}`);
}

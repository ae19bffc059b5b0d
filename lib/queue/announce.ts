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
  const body = JSON.stringify(event);
  if (topicArn !== undefined) {
    const fifo = { MessageGroupId: group, MessageDeduplicationId: event.id };
    await clients.sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: body,
        MessageAttributes: { type: { DataType: "String", StringValue: event.type } },
        ...(topicArn.endsWith(".fifo") ? fifo : {}),
      }),
      { abortSignal },
    );
  }
  if (eventBus !== undefined) {
    const entry = {
      EventBusName: eventBus,
      Source: "logto-onboarding",
      DetailType: event.type,
      Detail: body,
    };
    const { FailedEntryCount = 0, Entries = [] } = await clients.eventBridge.send(
      new PutEventsCommand({ Entries: [entry] }),
      { abortSignal },
    );
    if (FailedEntryCount > 0) throw new Error(`EventBridge refused it: ${Entries[0]?.ErrorCode}`);
  }
}

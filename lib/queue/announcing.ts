import { anyText, type SettingKind, type SettingsReader } from "../runtime/settings.ts";
import type { BatchWork } from "./batch.ts";
import { outcomeEvent } from "./outcome-event.ts";

const topic: SettingKind<string> = {
  expects: "the ARN of an SNS topic",
  parse: (text) =>
    /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(?:\.fifo)?$/.test(text) ? text : undefined,
};

/**
 * Announces final outcomes as CloudEvents, off unless a setting says where: `OUTCOME_TOPIC_ARN`, an
 * SNS topic; `OUTCOME_EVENT_BUS`, the name or ARN of an EventBridge bus.
 *
 * @throws SettingsError
 */
export function announcing(settings: SettingsReader): Pick<BatchWork, "announce"> {
  const topicArn = settings.optional("OUTCOME_TOPIC_ARN", topic, undefined);
  const eventBus = settings.optional("OUTCOME_EVENT_BUS", anyText("an event bus"), undefined);
  if (topicArn === undefined && eventBus === undefined) return {};
  const target = {
    ...(topicArn === undefined ? {} : { topicArn }),
    ...(eventBus === undefined ? {} : { eventBus }),
  };
  return {
    announce: async (report) => {
      const event = outcomeEvent(report, Date.now());
      if (event === undefined) return;
      // Loaded when there is something to tell: importing it costs a part of a cold start.
      const { announce } = await import("./announce.ts");
      await announce(target, event, report.message.group);
    },
  };
}

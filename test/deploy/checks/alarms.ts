import { describe, expect, test } from "vitest";
import { alarmsOf, metricsOf, ownNames } from "../alarms.ts";
import { metricKey } from "../emitted-metrics.ts";
import { functionsOf } from "../functions.ts";
import { isAwsMetric } from "../specification.ts";
import type { Deployment, Resource } from "../template.ts";

/** @param topic what the alarms tell. */
export function checkAlarms(stack: Deployment, topic: string): void {
  const alarms = alarmsOf(stack);

  describe.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
    "the alarm %s",
    (_name, alarm) => {
      test("tells the topic when it goes off and when it is over, and says what happened", () => {
        expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
        expect(alarm.AlarmDescription).toMatch(/^[A-Z].*\.$/);
        expect(alarm["TreatMissingData"]).toMatch(/^(?:notBreaching|breaching)$/);
      });

      test("looks at metrics that exist, of this stack", () => {
        const metrics = metricsOf(alarm);
        expect(metrics).not.toEqual([]);
        for (const metric of metrics.filter(({ namespace }) => namespace.startsWith("AWS/"))) {
          expect(isAwsMetric(metric.namespace, metric.name), metricKey(metric)).toBe(true);
          expect(
            Object.values(metric.dimensions).every((value) => ownNames(stack).has(value)),
          ).toBe(true);
        }
      });
    },
  );

  const looksAt = (name: string, dimension: string) =>
    alarms
      .flatMap(metricsOf)
      .filter((metric) => metric.name === name)
      .map((metric) => metric.dimensions[dimension])
      .toSorted();
  const functionNames = functionsOf(stack).map(({ properties }) => properties.FunctionName);
  const isLastStop = (queue: Resource) => queue.properties["RedrivePolicy"] === undefined;
  const queueNames = (wanted: (queue: Resource) => boolean) =>
    stack
      .ofType("AWS::SQS::Queue")
      .filter(wanted)
      .map(({ properties }) => String(properties["QueueName"]))
      .toSorted();

  test.each(["Errors", "Throttles"])("%s of every function raise an alarm", (name) => {
    expect(looksAt(name, "FunctionName")).toEqual(functionNames.toSorted());
  });

  test("a message in any queue for what was given up raises an alarm", () => {
    expect(looksAt("ApproximateNumberOfMessagesVisible", "QueueName")).toEqual(
      queueNames(isLastStop),
    );
  });

  test("old events in any queue of events raise an alarm", () => {
    expect(looksAt("ApproximateAgeOfOldestMessage", "QueueName")).toEqual(
      queueNames((queue) => !isLastStop(queue)),
    );
  });
}

import * as v from "valibot";
import type { MetricIdentity } from "./emitted-metrics.ts";
import { functionsOf } from "./functions.ts";
import type { Deployment } from "./template.ts";

const dimensions = v.pipe(
  v.array(v.object({ Name: v.string(), Value: v.string() })),
  v.transform((given) => Object.fromEntries(given.map(({ Name, Value }) => [Name, Value]))),
);

const metricStat = v.object({
  MetricStat: v.object({
    Metric: v.object({ Namespace: v.string(), MetricName: v.string(), Dimensions: dimensions }),
  }),
});

const alarmProperties = v.looseObject({
  AlarmName: v.string(),
  AlarmDescription: v.string(),
  Period: v.optional(v.number()),
  Namespace: v.optional(v.string()),
  MetricName: v.optional(v.string()),
  Dimensions: v.optional(dimensions, []),
  Metrics: v.optional(v.array(v.unknown()), []),
});

export type Alarm = v.InferOutput<typeof alarmProperties>;

export const alarmsOf = (stack: Deployment): readonly Alarm[] =>
  stack
    .ofType("AWS::CloudWatch::Alarm")
    .map(({ properties }) => v.parse(alarmProperties, properties));

/** The metrics that an alarm looks at. */
export function metricsOf({ Namespace, MetricName, Dimensions, Metrics }: Alarm): MetricIdentity[] {
  if (Namespace !== undefined && MetricName !== undefined) {
    return [{ namespace: Namespace, name: MetricName, dimensions: Dimensions }];
  }
  return Metrics.flatMap((entry) => {
    const parsed = v.safeParse(metricStat, entry);
    if (!parsed.success) return [];
    const { Metric } = parsed.output.MetricStat;
    return [
      { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: Metric.Dimensions },
    ];
  });
}

/** What a dimension of AWS's own metrics may name: a function or a queue of the stack. */
export const ownNames = (stack: Deployment): ReadonlySet<string> =>
  new Set([
    ...functionsOf(stack).map(({ properties }) => properties.FunctionName),
    ...stack.ofType("AWS::SQS::Queue").map(({ properties }) => String(properties["QueueName"])),
  ]);

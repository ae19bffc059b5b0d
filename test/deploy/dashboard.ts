import * as v from "valibot";
import type { MetricIdentity } from "./emitted-metrics.ts";
import type { Deployment } from "./template.ts";

const dashboardBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    widgets: v.array(
      v.object({
        x: v.number(),
        y: v.number(),
        width: v.number(),
        height: v.number(),
        properties: v.looseObject({
          title: v.string(),
          region: v.literal("us-east-1"),
          metrics: v.array(v.array(v.unknown())),
        }),
      }),
    ),
  }),
);

export const dashboardOf = (stack: Deployment) =>
  v.parse(dashboardBody, stack.resource("Dashboard").properties["DashboardBody"]);

const searchLine = v.tuple([v.looseObject({ expression: v.string() })]);

/** SEARCH('{"namespace",dimension,…} MetricName="name" service="service"', …) */
const SEARCH =
  /^SEARCH\('\{"(?<namespace>[^"]+)",(?<dimensions>[\w,]+)\} MetricName="(?<name>\w+)" service="(?<service>[\w-]+)"', 'Sum', 300\)$/;

/** What the lines of the dashboard show: metrics by name, and searches for metrics. */
export function dashboardMetrics(stack: Deployment) {
  const lines = dashboardOf(stack).widgets.flatMap(({ properties }) => properties.metrics);
  const plain: MetricIdentity[] = [];
  const searched: { namespace: string; name: string; dimensions: string[]; service: string }[] = [];
  for (const line of lines) {
    const search = v.safeParse(searchLine, line);
    if (search.success) {
      const parts = SEARCH.exec(search.output[0].expression)?.groups ?? {};
      const { namespace = "", name = "", dimensions: names = "", service = "" } = parts;
      searched.push({ namespace, name, dimensions: names.split(","), service });
      continue;
    }
    const [namespace = "", name = "", ...pairs] = line.filter((part) => typeof part === "string");
    const own: Record<string, string> = {};
    for (let index = 0; index < pairs.length; index += 2) {
      own[pairs[index] ?? ""] = pairs[index + 1] ?? "";
    }
    plain.push({ namespace, name, dimensions: own });
  }
  return { plain, searched };
}

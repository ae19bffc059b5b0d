import { describe, expect, test } from "vitest";
import { alarmsOf, metricsOf, ownNames } from "../alarms.ts";
import { dashboardMetrics, dashboardOf } from "../dashboard.ts";
import { emittedMetrics, metricKey } from "../emitted-metrics.ts";
import { isAwsMetric } from "../specification.ts";
import type { Deployment } from "../template.ts";

/** What alarms and dashboard know of this stack's own metrics, beside a run of the code. */
export function checkMetrics(stack: Deployment, namespace: string): void {
  describe("a metric of our own that is looked at", () => {
    const own = alarmsOf(stack)
      .flatMap(metricsOf)
      .filter((metric) => !metric.namespace.startsWith("AWS/"));
    const { plain, searched } = dashboardMetrics(stack);
    const emitted = emittedMetrics(namespace);
    const keys = async () => new Set((await emitted).map(metricKey));

    test.each(own.map((metric) => [metricKey(metric), metric] as const))(
      "by an alarm is emitted by the code: %s",
      async (key) => expect(await keys()).toContain(key),
    );

    const ownPlain = plain.filter((metric) => !metric.namespace.startsWith("AWS/"));
    test.each([...new Set(ownPlain.map(metricKey))])(
      "by the dashboard is emitted by the code: %s",
      async (key) => expect(await keys()).toContain(key),
    );

    test.each(searched)(
      "by a search of the dashboard is emitted by the code: %o",
      async (search) => {
        const found = (await emitted).filter(
          ({ namespace: place, name, dimensions: own }) =>
            place === search.namespace &&
            name === search.name &&
            Object.keys(own).toSorted().join() === search.dimensions.toSorted().join() &&
            own["service"] === search.service,
        );
        expect(found).not.toEqual([]);
      },
    );

    test("is of this stage alone", () => {
      const places = [...own, ...ownPlain, ...searched].map((metric) => metric.namespace);
      expect([...new Set(places)]).toEqual([namespace]);
    });
  });

  test("every AWS metric of the dashboard exists, of this stack", () => {
    const ofAws = dashboardMetrics(stack).plain.filter(({ namespace: place }) =>
      place.startsWith("AWS/"),
    );
    expect(ofAws).not.toEqual([]);
    for (const metric of ofAws) {
      expect(isAwsMetric(metric.namespace, metric.name), metricKey(metric)).toBe(true);
      expect(Object.values(metric.dimensions).every((value) => ownNames(stack).has(value))).toBe(
        true,
      );
    }
  });

  test("the dashboard's tiles lie beside each other", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of dashboardOf(stack).widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++) {
        for (let line = y; line < y + height; line++) {
          expect(taken).not.toContain(`${column},${line}`);
          taken.add(`${column},${line}`);
        }
      }
    }
  });
}

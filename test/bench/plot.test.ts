import { describe, expect, test } from "vitest";
import { plotSvg } from "../../bench/report/plot.ts";
import { scaleOf } from "../../bench/report/scale.ts";

describe("a scale", () => {
  test.each([
    { greatest: 600, ticks: [0, 200, 400, 600] },
    { greatest: 0.805, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    { greatest: 41, ticks: [0, 10, 20, 30, 40, 50] },
  ])("from 0 to $greatest has ticks at round values", ({ greatest, ticks }) => {
    const scale = scaleOf({ label: "" }, [1e-3, greatest]);
    expect(scale.ticks).toEqual(ticks);
    expect(scale.place(0)).toBe(0);
    expect(scale.place(ticks.at(-1) ?? 0)).toBe(1);
  });

  test("that is logarithmic has a tick for each power of ten", () => {
    const scale = scaleOf({ label: "", isLogarithmic: true }, [100, 1_000, 10_000]);
    expect(scale.ticks).toEqual([100, 1_000, 10_000]);
    expect([100, 1_000, 10_000].map(scale.place)).toEqual([0, 0.5, 1]);
  });
});

test("a plot draws every series up to its last point, and names it", () => {
  const points = Array.from({ length: 1_001 }, (_, index) => [index, index] as const);
  const svg = plotSvg({
    file: "a",
    title: "This & that",
    x: { label: "seconds" },
    y: { label: "invitations <made>" },
    series: [
      { name: "one", points },
      { name: "two", points: [[0, 0] as const, [1_000, 500] as const] },
    ],
  });
  const lines = [...svg.matchAll(/<polyline class="line s\d" points="(?<points>[^"]+)"/g)];
  const ends = lines.map(({ groups }) => groups?.["points"]?.split(" ").at(-1));
  expect(ends).toEqual(["696,84", "696,204"]);
  expect(lines[0]?.groups?.["points"]?.split(" ").length).toBeLessThan(250);
  for (const text of ["This &amp; that", "invitations &lt;made&gt;", ">one<", ">two<"]) {
    expect(svg).toContain(text);
  }
});

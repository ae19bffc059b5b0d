import { expect, test } from "vitest";
import { atMost } from "../../bench/bars.ts";
import type { Machine } from "../../bench/machine.ts";
import { performancePage } from "../../bench/report/page.ts";

const machine: Machine = {
  cpu: "A processor",
  cores: 2,
  memoryGiB: 8,
  node: "v24.0.0",
  platform: "linux x64",
  loadBefore: 0.1,
};

test("the page has a table of each benchmark, what must hold of it, and where it was made", () => {
  const findings = {
    rows: [
      { name: "this | that", figures: { "time, ms": 12.345, calls: 2_052 } },
      { name: "another", figures: { "time, ms": 300 } },
    ],
    bars: [atMost("time beside another", 0.04, 0.5), atMost("calls", 3, 2)],
    notes: ["Medians."],
    plots: [{ file: "one", title: "A plot", x: { label: "x" }, y: { label: "y" }, series: [] }],
  };
  const page = performancePage(
    [
      { name: "one", title: "some work", seconds: 1, findings },
      { name: "two", title: "other work", seconds: 1, error: "at /somewhere" },
    ],
    machine,
    new Date("2026-03-01T12:00:00Z"),
  );
  expect(page).toContain("`npm run bench -- --write`");
  expect(page).toContain(
    "2026-03-01: A processor, 2 cores, 8 GiB, linux x64, Node v24.0.0, load 0.10 at the start.",
  );
  expect(page).toContain(`## one

Some work.

|  | time, ms | calls |
|---|---:|---:|
| this \\| that | 12.3 | 2,052 |
| another | 300 | - |

Medians.

![A plot](performance/one.svg)

| must hold | measured | limit |  |
|---|---:|---:|---:|
| time beside another | 0.0400 | ≤ 0.500 | holds |
| calls | 3 | ≤ 2 | **does not hold** |
`);
  expect(page).toContain("## two\n\nOther work.\n\nIt could not be measured.\n");
});

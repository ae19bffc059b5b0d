import { refuseOptions, scriptOptions } from "../local/script-options.ts";
import { describeMachine, machineLine } from "./machine.ts";
import { benchmarks } from "./registry.ts";
import { writePerformancePage } from "./report/page.ts";
import { findingsText } from "./report/text.ts";
import { failuresOf, type Result, runBenchmark } from "./result.ts";

/** `npm run bench`: every measurement, or those of `--only`. */

const USAGE = `npm run bench -- [--only name[,name]] [--json] [--write]
  --only   the benchmarks to run: ${benchmarks.map(({ name }) => name).join(", ")}
  --json   the results as JSON on stdout, and nothing else there
  --write  puts the results of all of them into docs/performance.md
With LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET set, ${onRealLogto()} run against that Logto.`;

const options = scriptOptions(
  {
    only: { type: "string" },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
  USAGE,
);
const names = options.only?.split(",").map((name) => name.trim());
const unknown = names?.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown !== undefined && unknown.length > 0) {
  const all = benchmarks.map(({ name }) => name).join(", ");
  refuseOptions(`There is no benchmark ${unknown.join(", ")}, only ${all}`, USAGE);
}

if (options.write && names !== undefined) {
  refuseOptions("The page is about all benchmarks, so leave out --only", USAGE);
}

const say = (text: string) => {
  if (!options.json) console.log(text);
};
const machine = describeMachine();
say(machineLine(machine));
const results: Result[] = [];
for (const benchmark of benchmarks) {
  if (names !== undefined && !names.includes(benchmark.name)) continue;
  say(`\n${benchmark.name}: ${benchmark.title}`);
  const result = await runBenchmark(benchmark);
  results.push(result);
  say(result.findings === undefined ? (result.error ?? "") : findingsText(result.findings));
  say(`${result.seconds.toFixed(0)} s`);
}
if (options.json) console.log(JSON.stringify({ machine, results }, undefined, 2));
if (options.write) writePerformancePage(results, machine, new Date());

const failures = failuresOf(results);
if (failures.length > 0) {
  console.error(`\nDoes not hold:\n${failures.join("\n")}`);
  process.exitCode = 1;
}

function onRealLogto(): string {
  const able = benchmarks.filter((benchmark) => benchmark.onRealLogto === true);
  return able.map(({ name }) => name).join(", ");
}

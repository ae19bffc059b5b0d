// Loaded into a contender's process: tells what it took.
import { writeSync } from "node:fs";
import { USAGE_PIPE, type Usage } from "./usage.ts";

process.once("exit", () => {
  const usage: Usage = {
    milliseconds: performance.now(),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  writeSync(USAGE_PIPE, JSON.stringify(usage));
});

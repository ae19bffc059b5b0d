// Plain JavaScript: what strips types from a file would be warm already. Started as
// `node init.mjs module [event]`, it loads the module as Lambda's runtime does, hands it the event, and
// says on its last line what that took.
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , module, event] = process.argv;
const url = pathToFileURL(module).href;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const { handler } = await import(url);
const wallMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
const measured = { wallMs, cpuMs: (user + system) / 1000, handler: typeof handler };
if (event !== undefined) {
  const context = {
    awsRequestId: "bench",
    functionName: "bench",
    memoryLimitInMB: "256",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:bench",
    getRemainingTimeInMillis: () => 45_000,
  };
  await handler(JSON.parse(event), context);
  measured.firstEventMs = performance.now() - startedAt;
}
writeSync(1, `\n${JSON.stringify(measured)}`);
// What a module leaves open would keep the process.
process.exit();

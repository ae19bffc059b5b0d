import { join } from "node:path";
import { parseArgs } from "node:util";
import { followOutcomes, type LoggedOutcome } from "./outcomes.ts";
import { runSamples } from "./run-samples.ts";
import { readSamples } from "./samples.ts";
import { startStack } from "./stack.ts";
import { removeStackFile, writeStackFile } from "./stack-file.ts";

/** `npm start`: the stack on this machine and the sample events through it. */

const root = join(import.meta.dirname, "..");
process.chdir(root);

const interrupted = new Promise<void>((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});

function onceOnly(): boolean {
  try {
    return parseArgs({ options: { once: { type: "boolean" } } }).values.once ?? false;
  } catch {
    console.error("npm start takes one option: npm start -- --once, to end after the table.");
    process.exit(2);
  }
}

async function main(once: boolean): Promise<number> {
  let showLive = false;
  const outcomes = followOutcomes((outcome) => {
    if (showLive) console.log(liveLine(outcome));
  });
  const stack = await startStack(process.env, outcomes.take, (line) => console.error(line));
  try {
    console.log(`AWS     ${stack.awsDescription}`);
    console.log(`Logto   ${stack.logto.description}`);
    console.log(`Queues  ${stack.queueNames.join("\n        ")}\n`);
    const samples = readSamples(join(root, "events"), stack.logto.fitting);
    const done = await Promise.race([
      runSamples(samples, stack, outcomes),
      interrupted.then(() => undefined),
    ]);
    if (done === undefined) return 130;
    console.log(done.text);
    if (once) return done.allAsExpected ? 0 : 1;

    writeStackFile(stack.file);
    console.log(HOW_TO_GO_ON);
    showLive = true;
    await interrupted;
    console.log("\nStopping.");
    return done.allAsExpected ? 0 : 1;
  } finally {
    removeStackFile();
    await stack.stop();
  }
}

const HOW_TO_GO_ON = `
Publish another event from a second terminal:
  npx onboarding publish --local --new-ids events/invitation.create.json

Or invoke a function by hand:
  npx serverless invoke local -f invitations -p events/invitation.create.json

Outcomes appear here. Ctrl-C ends it.
`;

const liveLine = ({ eventType, outcome, detail, reason, sentence, logtoCalls }: LoggedOutcome) =>
  [
    eventType ?? "message",
    `${outcome}: ${detail ?? reason}`,
    ...(sentence === undefined ? [] : [sentence]),
    `(${logtoCalls} Logto calls)`,
  ].join("  ");

try {
  process.exitCode = await main(onceOnly());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

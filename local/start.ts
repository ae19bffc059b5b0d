import { join } from "node:path";
import { parseDurationSeconds } from "../lib/runtime/duration.ts";
import { explain } from "./explain.ts";
import { liveLine } from "./live-line.ts";
import { type LogtoTarget, realCredentials } from "./logto-target.ts";
import { followOutcomes } from "./outcomes.ts";
import { runSamples } from "./run-samples.ts";
import { readSamples } from "./samples.ts";
import { refuseOptions, scriptOptions } from "./script-options.ts";
import { startStack } from "./stack.ts";
import { refuseSecondStack, removeStackFile, writeStackFile } from "./stack-file.ts";

/** `npm start`: the stack on this machine and the sample events through it. */

const root = join(import.meta.dirname, "..");
process.chdir(root);

let isInterrupted = false;
const interrupted = new Promise<void>((resolve) => {
  const interrupt = () => {
    isInterrupted = true;
    resolve();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
});

const USAGE = `npm start -- [--once | --logto-down PT2M]
  --once        ends after the table
  --logto-down  lets the stand-in of Logto fail for so long, once the samples are through`;

type Options = { readonly once: boolean; readonly downSeconds: number | undefined };

function readOptions(): Options {
  const values = scriptOptions(
    { once: { type: "boolean", default: false }, "logto-down": { type: "string" } },
    USAGE,
  );
  const { once, "logto-down": down } = values;
  if (down === undefined) return { once, downSeconds: undefined };
  const downSeconds = parseDurationSeconds(down);
  if (!downSeconds) return refuseOptions(`${down} is no ISO 8601 duration`, USAGE);
  if (once) return refuseOptions("--once ends before --logto-down begins", USAGE);
  if (realCredentials(process.env) === undefined) return { once, downSeconds };
  return refuseOptions("--logto-down is for the stand-in, so leave out LOGTO_ENDPOINT", USAGE);
}

async function main({ once, downSeconds }: Options): Promise<number> {
  // Once it has been through the samples it leaves no word for --local.
  if (!once) refuseSecondStack();
  let showLive = false;
  const outcomes = followOutcomes((outcome) => {
    if (showLive) console.log(liveLine(outcome));
  });
  // A Ctrl-C reaches the workers as well, and what they then complain of is not news.
  const log = (line: string) => isInterrupted || console.error(line);
  const stack = await startStack(process.env, outcomes.take, log);
  try {
    console.log(`AWS     ${stack.awsDescription}`);
    console.log(`Logto   ${stack.logto.description}`);
    console.log(`Queues  ${stack.queueNames.join("\n        ")}\n`);
    const samples = readSamples(join(root, "events"), stack.logto.fitting);
    const done = await Promise.race([
      runSamples(samples, stack, outcomes),
      interrupted.then(() => undefined),
    ]);
    if (done === undefined) {
      console.log("Stopping.");
      return INTERRUPTED;
    }
    console.log(done.text);
    if (once) return done.allAsExpected ? 0 : 1;

    writeStackFile(stack.file);
    console.log(HOW_TO_GO_ON);
    if (downSeconds !== undefined) rehearseOutage(stack.logto, downSeconds);
    showLive = true;
    await interrupted;
    console.log("\nStopping.");
    return done.allAsExpected ? 0 : 1;
  } finally {
    removeStackFile();
    await stack.stop();
  }
}

function rehearseOutage({ fail }: LogtoTarget, seconds: number): void {
  const end = fail?.();
  const until = new Date(Date.now() + seconds * 1000).toISOString();
  console.log(
    `Logto is down until ${until}. What is published now is tried again until it is back.`,
  );
  setTimeout(() => {
    end?.();
    console.log("Logto is back.");
  }, seconds * 1000);
}

/** What a shell says of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const HOW_TO_GO_ON = `
Publish another event from a second terminal:
  npx onboarding publish --local --new-ids events/invitation.create.json

(It says already-pending: the first sample invited that person. Edit the file to invite another.)

Or invoke a function by hand:
  npx serverless invoke local -f invitations -p events/invitation.create.json

Outcomes appear here. Ctrl-C ends it.
`;

// What the samples still wait for would keep the process up. All that matters has been stopped.
process.exit(await run());

async function run(): Promise<number> {
  try {
    return await main(readOptions());
  } catch (error) {
    if (isInterrupted) return INTERRUPTED;
    console.error(explain(error));
    return 1;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, watch } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { onboarding } from "../support/command-line.ts";
import { createEvent } from "../support/events.ts";
import { customers, eventsOf, type Publishing, startPublishing } from "../support/publishing.ts";
import { type SqsCall, startSqsProxy, type Verdict } from "../support/sqs-proxy.ts";

// Several processes one after the other, beside those of other tests.
vi.setConfig({ testTimeout: 60_000 });

let publishing: Publishing;
beforeAll(async () => {
  publishing = await startPublishing();
});
afterAll(() => publishing.stop());

/**
 * Publishes through a proxy to a queue of its own.
 *
 * @param before decides about each call to SQS; it is given the process as well.
 */
async function publishThrough(
  queue: string,
  parameters: readonly string[],
  before: (call: SqsCall, child: ChildProcess) => Verdict,
) {
  const { queues, directory } = publishing;
  const url = await queues.create(queue);
  const started = Promise.withResolvers<ChildProcess>();
  const proxy = await startSqsProxy(queues.standIn.endpoint, {
    before: async (call) => before(call, await started.promise),
  });
  onTestFinished(proxy.stop);
  const result = await onboarding(["publish", ...parameters], {
    directory,
    environment: {
      ...queues.environment,
      AWS_ENDPOINT_URL: proxy.endpoint,
      AWS_MAX_ATTEMPTS: "1",
      INVITATIONS_QUEUE_URL: proxy.urlOf(url),
    },
    onStart: started.resolve,
  });
  return { ...result, url, calls: proxy.calls.length };
}

/** Runs the command that an interrupted run printed, straight to the stand-in. */
async function goOn(stderr: string, url: string) {
  const command = /^ {2}npx onboarding (publish .*)$/m.exec(stderr)?.[1] ?? "";
  const { queues, directory } = publishing;
  const environment = { ...queues.environment, INVITATIONS_QUEUE_URL: url };
  const result = await onboarding(command.split(" "), { directory, environment });
  return { ...result, command };
}

const interruptAt =
  (number: number, signal: NodeJS.Signals) =>
  (call: SqsCall, child: ChildProcess): Verdict => {
    if (call.number === number) child.kill(signal);
    return "pass";
  };

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s finishes the calls under way, says where it stopped, and the command it prints goes on",
  async (signal, code) => {
    const name = await publishing.file(`${signal}.csv`, customers(1_000));
    const batch = `stopped-${code}`;
    const run = await publishThrough(
      `${signal}.fifo`,
      [name, "--batch", batch, "--concurrency", "3"],
      interruptAt(10, signal),
    );
    expect(run).toMatchObject({ code, stdout: "" });
    const told = new RegExp(
      `^Stopped: (\\d+) of 1,000 events were sent, all before ${name}:(\\d+)\\. Go on with the following, which repeats nothing:\n`,
    ).exec(run.stderr);
    const [sent, line] = [Number(told?.[1]), Number(told?.[2])];
    expect(run.calls).toBeLessThan(100);
    expect(sent).toBeGreaterThan(0);

    const rest = await goOn(run.stderr, run.url);
    expect(rest.command).toContain(`--from-line ${line} `);
    expect(rest).toMatchObject({ code: 0, stderr: "" });
    expect(rest.stdout).toBe(`Published ${1_000 - (line - 2)} events.\n`);
    const events = eventsOf(await publishing.queues.drain(run.url));
    expect(new Set(events.map(({ id }) => id)).size).toBe(1_000);
    expect(events).toHaveLength(1_000);
  },
);

test("an SQS that fails in the middle ends it with 1, and the same command goes on", async () => {
  const name = await publishing.file("failing.ndjson", ndjson(400));
  const run = await publishThrough("failing.fifo", [name], ({ number }) =>
    number > 12 ? "refuse" : "pass",
  );
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toMatch(
    /^[^\n]+\nStopped: 120 of 400 events were sent, all before failing\.ndjson:\d+\. /,
  );

  const rest = await goOn(run.stderr, run.url);
  expect(rest).toMatchObject({ code: 0, stderr: "" });
  const events = eventsOf(await publishing.queues.drain(run.url));
  expect(events).toHaveLength(400);
  // What has no time of its own has that of the first run.
  expect(new Set(events.map(({ time }) => time)).size).toBe(1);
});

test("a JSON list is sent again whole, with the time of the first run", async () => {
  const events = Array.from({ length: 300 }, (_, index) => event(index));
  const name = await publishing.file("list.json", events);
  const run = await publishThrough("list.fifo", [name], interruptAt(5, "SIGINT"));
  expect(run.stderr).toMatch(/^Stopped: \d+ of 300 events were sent\. Go on with the following/);
  const rest = await goOn(run.stderr, run.url);
  expect(rest.stdout).toBe("Published 300 events.\n");
  expect(await publishing.queues.drain(run.url)).toHaveLength(300);
});

test("events with new ids are not gone on with: they would be sent twice", async () => {
  const name = await publishing.file("new.ndjson", ndjson(300));
  const run = await publishThrough("new.fifo", [name, "--new-ids"], interruptAt(5, "SIGINT"));
  expect(run.code).toBe(130);
  expect(run.stderr).toMatch(/With --new-ids another run sends all of them once more\.\n$/);
});

test("--json says where it stopped as well", async () => {
  const name = await publishing.file("json.csv", customers(1_000));
  const run = await publishThrough(
    "json.fifo",
    [name, "--batch", "json", "--json"],
    interruptAt(5, "SIGINT"),
  );
  const { published, stoppedAtLine, total } = JSON.parse(run.stdout);
  expect(total).toBe(1_000);
  expect(run.stderr).toContain(`Stopped: ${published} of 1,000 events`);
  expect(run.stderr).toContain(`json.csv:${stoppedAtLine}.`);
});

test("while standard input is still being read, it says that nothing was sent and leaves no copy", async () => {
  const temporary = await mkdtemp(join(publishing.directory, "tmp-"));
  const copies = watch(temporary);
  const child = spawn(join(import.meta.dirname, "../../bin/onboarding"), ["publish", "-"], {
    env: { PATH: process.env["PATH"], TMPDIR: temporary },
  });
  // More than a pipe holds: when it is written, the copying is under way and waits for more.
  const written = new Promise((resolve) => child.stdin.write(" ".repeat(4_000_000), resolve));
  // The copy has its name for a moment only.
  for await (const { filename } of copies) if (filename?.startsWith("onboarding-")) break;
  await written;
  child.kill("SIGTERM");
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect({ code, stderr }).toEqual({ code: 143, stderr: "Nothing was sent.\n" });
  expect(await readdir(temporary)).toEqual([]);
});

const event = (index: number) =>
  createEvent({ id: `event-${index}`, data: { invitee: `person-${index}@example.com` } });

const ndjson = (count: number): string =>
  Array.from({ length: count }, (_, index) => JSON.stringify(event(index))).join("\n");

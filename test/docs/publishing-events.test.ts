import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { eventTypes } from "../../lib/events/event.ts";
import { eventMessage } from "../../lib/events/message.ts";
import { openWorld } from "../lib/invitations/world.ts";
import { runProgram } from "../support/command-line.ts";
import type { Json } from "../support/events.ts";
import { codeBlocks, localLinks } from "../support/markdown.ts";
import { createProducer, type Producer } from "../support/producer.ts";
import { type Queues, startQueues } from "../support/queues.ts";

const root = join(import.meta.dirname, "..", "..");
const page = readFileSync(join(root, "docs", "publishing-events.md"), "utf8");
const blocks = codeBlocks(page);
const textsIn = (language: string): readonly string[] =>
  blocks.filter((block) => block.language === language).map(({ text }) => text);

const hashes = textsIn("text").join("");
const [example = ""] = textsIn("json");
const hasPython = spawnSync("python3", ["--version"]).status === 0;

test("the page has no block that no test below runs", () => {
  expect(blocks.map(({ language }) => language)).toEqual([
    ...["sh", "ndjson", "sh", "csv", "sh"],
    ...["sh", "ts"],
    ...["json", "sh", "text", "python", "python"],
  ]);
});

test("its links lead somewhere, and every type has its schema", () => {
  const missing = localLinks(page).filter((path) => !existsSync(join(root, "docs", path)));
  expect(missing).toEqual([]);
  for (const type of eventTypes) {
    expect(page).toContain(`\`${type}\``);
    expect(localLinks(page)).toContain(`../events/schemas/${type}.schema.json`);
  }
});

describe("its worked example", () => {
  test("has the hashes that the publisher computes", () => {
    const events = v.parse(v.pipe(v.string(), v.parseJson(), v.array(v.unknown())), example);
    const computed = events.flatMap((event) => {
      const result = eventMessage(event, 0);
      if (!result.ok) return expect.fail("an event of the example is wrong");
      return [result.message.deduplicationId, result.message.groupId];
    });
    expect(`${computed.join("\n")}\n`).toBe(hashes);
  });

  test("has the hashes that its shell commands print", async () => {
    const script = textsIn("sh").find((text) => text.includes("sha256sum")) ?? "";
    const { stdout } = await runProgram("sh", ["-c", script]);
    expect(stdout.replaceAll(/ .*$/gm, "")).toBe(hashes);
  });

  test.skipIf(!hasPython)("has the hashes that its Python program prints", async () => {
    const [program = ""] = textsIn("python");
    const environment = { PYTHONUTF8: "1" };
    const result = await runProgram("python3", ["-c", program], { stdin: example, environment });
    expect(result).toEqual({ code: 0, stdout: hashes, stderr: "" });
  });
});

describe("its programs and commands", { timeout: 120_000 }, () => {
  let producer: Producer;
  let queues: Queues;
  beforeAll(async () => {
    producer = await createProducer();
    queues = await startQueues();
  }, 120_000);
  afterAll(async () => {
    await queues?.stop();
    await producer?.remove();
  });

  const newQueues = async (name: string) => ({
    INVITATIONS_QUEUE_URL: await queues.create(`${name}-invitations.fifo`),
    ROLE_SCOPES_QUEUE_URL: await queues.create(`${name}-role-scopes.fifo`),
  });
  const eventsIn = async (queueUrl: string): Promise<readonly Json[]> =>
    (await queues.drain(queueUrl)).map(({ Body = "" }) => JSON.parse(Body));
  const idsIn = async (queueUrl: string): Promise<readonly unknown[]> =>
    (await eventsIn(queueUrl)).map(({ id }) => id);

  /** What becomes of the events at a Logto that has the organization, now. */
  async function carriedOut(events: readonly Json[]): Promise<readonly unknown[]> {
    const world = await openWorld();
    onTestFinished(() => world.close());
    world.set(Date.now());
    world.standIn.seed({ organizations: [{ id: "acme", name: "Acme" }] });
    const outcomes: unknown[] = [];
    for (const event of events) {
      const { outcome, error } = await world.deliver(event, { sentAt: world.now() });
      outcomes.push(outcome?.outcome === "done" ? "done" : (outcome ?? error));
    }
    return outcomes;
  }

  test("the package is built as the page says", () => {
    // What createProducer runs, into a directory of its own.
    expect(textsIn("sh")).toContain("npm run build:events\nnpm pack ./dist/events\n");
  });

  test("the program for Node has the right types and publishes its events", async () => {
    const [program = ""] = textsIn("ts");
    await producer.write("producer.ts", program);
    expect(await producer.check("producer.ts")).toMatchObject({ code: 0, stdout: "" });
    // No types are written in it: it is JavaScript as well.
    await producer.write("producer.js", program);
    const urls = await newQueues("docs-node");
    const result = await producer.run("producer.js", { ...queues.environment, ...urls });
    expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
    const events = await eventsIn(urls.INVITATIONS_QUEUE_URL);
    expect(events).toMatchObject([{ id: "contract-18-grace" }]);
    expect(await carriedOut(events)).toEqual(["done"]);
    expect(await idsIn(urls.ROLE_SCOPES_QUEUE_URL)).toEqual(["2026-11-member-read"]);
  });

  test("the program for Node names the variable that is not set", async () => {
    const [program = ""] = textsIn("ts");
    await producer.write("unset.js", program);
    const { ROLE_SCOPES_QUEUE_URL: _, ...urls } = await newQueues("docs-unset");
    const { code, stderr } = await producer.run("unset.js", { ...queues.environment, ...urls });
    expect(code).toBe(1);
    expect(stderr).toContain("Error: ROLE_SCOPES_QUEUE_URL is not set.");
  });

  test.skipIf(!hasPython)("the programs in Python publish the example", async () => {
    const directory = join(producer.directory, "python");
    await mkdir(directory);
    for (const { file, text } of blocks.filter(({ language }) => language === "python")) {
      await producer.write(join("python", file), text);
    }
    await producer.write(join("python", "boto3.py"), BOTO3);
    const urls = await newQueues("docs-python");
    const environment = { ...queues.environment, ...urls, PYTHONUTF8: "1" };
    const run = { directory, environment, stdin: example };
    expect(await runProgram("python3", ["send.py"], run)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(await idsIn(urls.INVITATIONS_QUEUE_URL)).toEqual(["contract-19-zoë"]);
    expect(await idsIn(urls.ROLE_SCOPES_QUEUE_URL)).toEqual(["2026-11-member-read"]);
  });

  test("the commands do what is said beside them", async () => {
    const directory = join(producer.directory, "commands");
    await mkdir(directory);
    await symlink(join(root, "events"), join(directory, "events"));
    for (const { file, text } of blocks) {
      if (file !== "") await producer.write(join("commands", file), text);
    }
    const urls = await newQueues("docs-commands");
    const environment = { ...queues.environment, ...urls };
    const onboarding = join(root, "bin", "onboarding");
    const codes: (number | null)[] = [];
    let errors = "";
    for (const line of textsIn("sh").flatMap((text) => text.match(/^npx onboarding .*$/gm) ?? [])) {
      const command = line.replace("npx onboarding", onboarding);
      const { code, stderr } = await runProgram("sh", ["-c", command], { directory, environment });
      codes.push(code);
      errors += stderr;
    }
    // The one that tells the line that is wrong.
    expect(codes, errors).toEqual([0, 0, 0, 2, 0]);
    expect(errors).toContain("customers.csv:4: invitee must be an e-mail address");
    const events = await eventsIn(urls.INVITATIONS_QUEUE_URL);
    expect(await carriedOut(events)).toEqual(events.map(() => "done"));
    const ids = events.map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual([
      "2f0c9e6e-acme-ada",
      "contract-17-ada",
      "contract-17-ada-undone",
    ]);
    expect(ids.slice(3)).toHaveLength(2);
    expect(readFileSync(join(directory, "customers.csv.rejects.ndjson"), "utf8")).toContain(
      '"line":4',
    );
  });
});

/** Stands for boto3, which is not here: sends what it is given to SQS as it is. */
const BOTO3 = `
import json
import os
import urllib.request


class Client:
    def send_message(self, **parameters):
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "AmazonSQS.SendMessage",
        }
        body = json.dumps(parameters).encode()
        request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body, headers)
        urllib.request.urlopen(request).read()


def client(service):
    assert service == "sqs"
    return Client()
`;

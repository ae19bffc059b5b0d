import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventTypes } from "../../lib/events/event.ts";
import { eventMessage } from "../../lib/events/message.ts";
import { runProgram } from "../support/command-line.ts";
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
    ...["json", "sh", "text", "python"],
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
  const idsIn = async (queueUrl: string): Promise<readonly unknown[]> =>
    (await queues.drain(queueUrl)).map(({ Body = "" }) => JSON.parse(Body).id);

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
    expect(await idsIn(urls.INVITATIONS_QUEUE_URL)).toEqual(["contract-18-grace"]);
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
    const ids = await idsIn(urls.INVITATIONS_QUEUE_URL);
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

import type { Message } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onboarding } from "../support/command-line.ts";
import { createEvent } from "../support/events.ts";
import { type Publishing, startPublishing } from "../support/publishing.ts";
import { awsEnvironment, NOTHING_LISTENS } from "../support/queues.ts";

let publishing: Publishing;
beforeAll(async () => {
  publishing = await startPublishing();
});
afterAll(() => publishing.stop());

const file: Publishing["file"] = (name, content) => publishing.file(name, content);
const publish: Publishing["publish"] = (queue, parameters, run) =>
  publishing.publish(queue, parameters, run);

const eventIds = (messages: readonly Message[]): unknown[] =>
  messages.map(({ Body = "" }) => JSON.parse(Body).id);

const refused = (stderr: string) => ({ code: 2, stdout: "", stderr, messages: [] });

describe.concurrent("onboarding publish", () => {
  test("publishes one event", async () => {
    const name = await file("one.json", createEvent());
    const { messages, ...result } = await publish("one.fifo", [name]);
    expect(result).toEqual({
      code: 0,
      stdout: "Published 1 event.\n  event-1  onboarding.invitation.create  to invitations\n",
      stderr: "",
    });
    expect(eventIds(messages)).toEqual(["event-1"]);
  });

  test("publishes a list in its order, more than fit into one call", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `event-${index}`);
    const name = await file(
      "list.json",
      ids.map((id) => createEvent({ id })),
    );
    const { messages, ...result } = await publish("list.fifo", [name]);
    expect(result).toEqual({ code: 0, stdout: "Published 12 events.\n", stderr: "" });
    expect(eventIds(messages)).toEqual(ids);
  });

  test("reads standard input for -", async () => {
    const stdin = JSON.stringify([createEvent()]);
    const { code, messages } = await publish("stdin.fifo", ["-"], { stdin });
    expect(code).toBe(0);
    expect(messages).toHaveLength(1);
  });

  test("gives each event a new id when asked to, so that a file can be published again", async () => {
    const events = [createEvent({ id: "event-1" }), createEvent({ id: "event-1" })];
    const name = await file("new-ids.json", events);
    const { code, messages } = await publish("new-ids.fifo", ["--new-ids", name]);
    expect(code).toBe(0);
    expect(new Set(eventIds(messages)).size).toBe(2);
    expect(eventIds(messages)).not.toContain("event-1");
  });

  test("refuses a file that is not there", async () => {
    expect(await publish("missing.fifo", ["no-such.json"])).toEqual(
      refused("no-such.json does not exist: check the path. Nothing was sent.\n"),
    );
  });

  test("refuses a directory", async () => {
    const { code, stderr } = await publish("directory.fifo", ["."]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: ". is a directory: check the path. Nothing was sent.\n",
    });
  });

  test("refuses an empty list", async () => {
    const name = await file("empty-list.json", []);
    expect(await publish("empty-list.fifo", [name])).toEqual(
      refused("empty-list.json: there is no event in it. Nothing was sent.\n"),
    );
  });

  test("says of broken JSON where it breaks", async () => {
    const name = await file("broken.json", '[\n  { "id": "1" },\n  { "id": "2", }\n]\n');
    expect(await publish("broken.fifo", [name])).toEqual(
      refused(
        "broken.json:3:16: this is not JSON (property name expected).\nNothing was sent: mend the file and try again.\n",
      ),
    );
  });

  test("says of empty input that it is empty", async () => {
    expect(await publish("empty.fifo", ["-"], { stdin: " \n" })).toEqual(
      refused(
        "standard input:1: it is empty, expected an event or a list of events as JSON.\nNothing was sent: mend the file and try again.\n",
      ),
    );
  });

  test("sends nothing of a list with bad items, and says which field of which item is wrong", async () => {
    const events = [
      createEvent({ id: "good" }),
      createEvent({ id: "", data: { invitee: "Ada@Secret" } }),
      createEvent({ id: "bad", data: { invitee: "Ada@Secret", expiresIn: "7 days" } }),
      createEvent({ type: "onboarding.unknown" }),
      null,
    ];
    const name = await file(
      "bad-items.json",
      `[\n${events.map((event) => JSON.stringify(event)).join(",\n")}\n]`,
    );
    const { stderr, ...result } = await publish("bad-items.fifo", [name]);
    expect(result).toEqual({ code: 2, stdout: "", messages: [] });
    const lines = stderr.split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "bad-items.json:3: [1].id must not be empty",
      "bad-items.json:4: [2].data.invitee must be an e-mail address",
      "bad-items.json:4: [2].data.expiresIn must be an ISO 8601 duration such as P7D or PT12H",
    ]);
    expect(lines[3]).toMatch(/^bad-items\.json:5: \[3\]\.type must be one of onboarding\./);
    expect(lines.slice(4)).toEqual([
      "bad-items.json:6: [4] must be an object",
      "Nothing was sent: mend the file and try again, or publish the other 1 with --skip-invalid.",
      "",
    ]);
    expect(stderr).not.toContain("Secret");
  });

  test("says of a single bad event what is wrong without counting it", async () => {
    const name = await file("bad.json", createEvent({ data: { role: "admin" } }));
    expect(await publish("bad.fifo", [name])).toEqual(
      refused(
        "bad.json:1: data.role is not a known field\nNothing was sent: mend the file and try again.\n",
      ),
    );
  });
});

describe.concurrent("where onboarding publish sends to", () => {
  const run = async (name: string, environment: Readonly<Record<string, string>>) => {
    const { directory } = publishing;
    return onboarding(["publish", await file(name, createEvent())], { directory, environment });
  };

  const oneSentence = /^[^\n]+\n$/;

  test("must be named: without it, it says how", async () => {
    const { code, stdout, stderr } = await run("no-target.json", publishing.queues.environment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(oneSentence);
    expect(stderr).toMatch(
      /^INVITATIONS_QUEUE_URL is not set: set it to .*, or use --local .*\.$/m,
    );
  });

  test("must be a URL: anything else is refused before anything is sent", async () => {
    const { code, stderr } = await run("no-url.json", {
      ...publishing.queues.environment,
      INVITATIONS_QUEUE_URL: "invitations.fifo",
    });
    expect(stderr).toMatch(oneSentence);
    expect(stderr).toContain("INVITATIONS_QUEUE_URL");
    expect(code).toBe(2);
  });

  test("must answer: otherwise it ends with 1, one sentence and no stack", async () => {
    const { code, stdout, stderr } = await run("gone.json", {
      ...awsEnvironment(NOTHING_LISTENS),
      INVITATIONS_QUEUE_URL: `${NOTHING_LISTENS}/000000000000/gone.fifo`,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(oneSentence);
    expect(stderr).toBe(
      "AWS does not answer (ECONNREFUSED): check the network, and AWS_ENDPOINT_URL where it is set.\n",
    );
  });

  test("must exist: otherwise it ends with 1 and one sentence", async () => {
    const { code, stderr } = await run("missing-queue.json", {
      ...publishing.queues.environment,
      INVITATIONS_QUEUE_URL: `${publishing.queues.standIn.endpoint}/000000000000/never-created.fifo`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(oneSentence);
    expect(stderr).toBe("There is no such queue: check the URL, the region and the account.\n");
  });
});

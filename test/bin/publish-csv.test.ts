import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvent } from "../support/events.ts";
import {
  customer,
  customers,
  eventsOf,
  type Publishing,
  startPublishing,
} from "../support/publishing.ts";

let publishing: Publishing;
beforeAll(async () => {
  publishing = await startPublishing();
});
afterAll(() => publishing.stop());

const file: Publishing["file"] = (name, content) => publishing.file(name, content);
const publish: Publishing["publish"] = (queue, parameters, run) =>
  publishing.publish(queue, parameters, run);
const contentOf = (name: string) => readFile(join(publishing.directory, name), "utf8");

describe.concurrent("publishing a CSV", () => {
  test("invites everybody in it, and keeps the batch's time beside it", async () => {
    const name = await file("customers.csv", customers(23));
    const { messages, ...result } = await publish("csv.fifo", [name, "--batch", "spring"]);
    expect(result).toEqual({ code: 0, stdout: "Published 23 events.\n", stderr: "" });
    const events = eventsOf(messages);
    const { time } = JSON.parse(await contentOf("spring.batch.json"));
    expect(new Set(events.map((event) => event["time"]))).toEqual(new Set([time]));
    expect(events.map(({ data }) => data)).toEqual(
      expect.arrayContaining(
        Array.from({ length: 23 }, (_, index) => ({
          organizationId: "acme",
          invitee: `person-${index}@example.com`,
        })),
      ),
    );
    expect(events.map(({ id }) => id)).not.toContainEqual(expect.stringContaining("@"));
  });

  test("again gives the same events, also after rows were added, removed, sorted and changed", async () => {
    const name = await file("again.csv", customers(30));
    const first = await publish("again-1.fifo", [name, "--batch", "again"]);
    const rows = Array.from({ length: 40 }, (_, index) => customer(39 - index)).slice(0, 35);
    const changed = rows.map((row, index) =>
      index === 10 ? row.toUpperCase().replace("ACME", "acme") : row,
    );
    await file("again.csv", ["organizationId,invitee", ...changed].join("\r\n"));
    const second = await publish("again-2.fifo", [name, "--batch", "again"]);

    const bodies = (messages: typeof first.messages) =>
      new Map(eventsOf(messages).map(({ id, data: _, ...attributes }) => [id, attributes]));
    const [before, after] = [bodies(first.messages), bodies(second.messages)];
    expect(after.size).toBe(35);
    const common = [...after].filter(([id]) => before.has(id));
    expect(common).toHaveLength(25);
    for (const [id, attributes] of common) expect(attributes).toEqual(before.get(id));
  });

  test("is for the same batch in another file of the directory, and another batch is another one", async () => {
    const one = await file("one.csv", customers(3));
    const two = await file("two.csv", customers(3));
    const ids = async (queue: string, name: string, batch: string) =>
      eventsOf((await publish(queue, [name, "--batch", batch])).messages).map(
        ({ id, time }) => `${id} ${time}`,
      );
    const first = await ids("one.fifo", one, "same");
    expect(await ids("two.fifo", two, "same")).toEqual(first);
    expect(await ids("three.fifo", one, "other")).not.toEqual(first);
  });

  test("reads standard input and leaves no copy of it", async () => {
    const temporary = join(publishing.directory, "temporary");
    await mkdir(temporary);
    const parameters = ["-", "--batch", "stdin", "--time", "2026-03-01T12:00:00Z"];
    const environment = { TMPDIR: temporary };
    const { code, messages } = await publish("stdin.fifo", parameters, {
      stdin: customers(12),
      environment,
    });
    expect({ code, count: messages.length }).toEqual({ code: 0, count: 12 });
    expect(eventsOf(messages)[0]).toMatchObject({ time: "2026-03-01T12:00:00.000Z" });
    const bad = await publish("stdin-bad.fifo", parameters, {
      stdin: "organizationId,invitee\nacme,nobody",
      environment,
    });
    expect(bad).toMatchObject({ code: 2, messages: [] });
    expect(bad.stderr).toMatch(/^standard input:2: invitee must be an e-mail address\n/);
    expect(await readdir(temporary)).toEqual([]);
  });

  test("of which something is wrong shows the first hundred problems and the number of the others", async () => {
    const name = await file("bad.csv", customers(250).replaceAll("@", "at"));
    const { stderr, ...result } = await publish("bad.fifo", [name, "--batch", "bad"]);
    expect(result).toEqual({ code: 2, stdout: "", messages: [] });
    const lines = stderr.split("\n");
    expect(lines[0]).toBe("bad.csv:2: invitee must be an e-mail address");
    expect(lines[99]).toBe("bad.csv:101: invitee must be an e-mail address");
    expect(lines.slice(100)).toEqual([
      "… and 150 more problems.",
      "Nothing was sent: mend the file and try again.",
      "",
    ]);
    expect(await readdir(publishing.directory)).not.toContain("bad.batch.json");
  });

  test("says when the batch began, if that is a while ago", async () => {
    const name = await file("old.csv", customers(1));
    await file("old.batch.json", { time: "2026-03-01T12:00:00.000Z" });
    const { stderr, messages } = await publish("old.fifo", [name, "--batch", "old"]);
    expect(stderr).toBe(
      "The batch old was first published at 2026-03-01T12:00:00.000Z: its invitations expire as counted from then.\n",
    );
    expect(eventsOf(messages)).toMatchObject([{ time: "2026-03-01T12:00:00.000Z" }]);
  });
});

describe.concurrent("a file with good and bad events", () => {
  const content = `${customers(12)}\nacme,nobody\nacme,person-3@example.com\nacme`;

  test("is published without the bad ones where that is wished, which are kept with the reason", async () => {
    const name = await file("mixed.csv", content);
    const { messages, ...result } = await publish("mixed.fifo", [
      name,
      "--batch=mixed",
      "--skip-invalid",
    ]);
    expect(result).toEqual({
      code: 0,
      stdout: "Published 12 events. 3 cannot be published: see mixed.csv.rejects.ndjson.\n",
      stderr: "",
    });
    expect(messages).toHaveLength(12);
    const rejects = (await contentOf("mixed.csv.rejects.ndjson")).trim().split("\n");
    expect(rejects.map((line) => JSON.parse(line))).toEqual([
      {
        line: 14,
        problems: ["invitee must be an e-mail address"],
        given: { organizationId: "acme", invitee: "nobody" },
      },
      {
        line: 15,
        problems: [expect.stringMatching(/^it invites whom line 5 invites/)],
        given: { organizationId: "acme", invitee: "person-3@example.com" },
      },
      {
        line: 16,
        problems: ["it has 1 cells where the header has 2"],
        given: { organizationId: "acme" },
      },
    ]);
    const { mode } = await stat(join(publishing.directory, "mixed.csv.rejects.ndjson"));
    expect(mode & 0o777).toBe(0o600);
  });

  test("has its bad ones where --rejects says, whose old content goes", async () => {
    const name = await file("elsewhere.csv", content);
    await writeFile(join(publishing.directory, "elsewhere.ndjson"), "old\n".repeat(1_000));
    const parameters = [
      name,
      "--batch",
      "elsewhere",
      "--skip-invalid",
      "--rejects",
      "elsewhere.ndjson",
    ];
    expect(await publish("elsewhere.fifo", parameters)).toMatchObject({ code: 0 });
    expect((await contentOf("elsewhere.ndjson")).trim().split("\n")).toHaveLength(3);
  });

  test("never has them on a terminal, nor over the file itself", async () => {
    const name = await file("refused.csv", content);
    const parameters = [name, "--batch", "refused", "--skip-invalid", "--rejects"];
    expect(await publish("refused-1.fifo", [...parameters, name])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "refused.csv is the file to be published: name another file with --rejects. Nothing was sent.\n",
      messages: [],
    });
    expect(await contentOf(name)).toBe(content);
    expect(await publish("refused-2.fifo", [...parameters, "/dev/ptmx"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "/dev/ptmx is a terminal, and rejects hold addresses: name another file with --rejects. Nothing was sent.\n",
      messages: [],
    });
  });

  test("is not published at all when all of it is bad", async () => {
    const name = await file("all-bad.csv", "organizationId,invitee\nacme,nobody\n");
    const result = await publish("all-bad.fifo", [name, "--batch", "b", "--skip-invalid"]);
    expect(result).toMatchObject({ code: 2, stdout: "", messages: [] });
  });

  test("is not published where its quotes are wrong, also with --skip-invalid", async () => {
    const name = await file("quotes.csv", `${customers(3)}\nacme,"x`);
    const { stderr, ...result } = await publish("quotes.fifo", [
      name,
      "--batch",
      "quotes",
      "--skip-invalid",
    ]);
    expect(result).toEqual({ code: 2, stdout: "", messages: [] });
    expect(stderr).toBe(
      "quotes.csv:5: a quote is opened in this row and never closed.\nNothing was sent: mend the file and try again.\n",
    );
  });
});

describe.concurrent("other ways to publish", () => {
  test("a dry run sends nothing, writes nothing, and needs no queue", async () => {
    const name = await file("dry.csv", customers(1_200));
    const { messages, ...result } = await publish(
      "dry.fifo",
      [name, "--batch", "dry", "--dry-run"],
      {
        environment: { INVITATIONS_QUEUE_URL: "" },
      },
    );
    expect(result).toEqual({
      code: 0,
      stdout: "1,200 events would be published. Nothing was sent.\n",
      stderr: "",
    });
    expect(messages).toEqual([]);
    expect(await readdir(publishing.directory)).not.toContain("dry.batch.json");
  });

  test("--json gives a summary", async () => {
    const name = await file("json.csv", `${customers(2)}\nacme,nobody`);
    const time = "2026-03-01T12:00:00Z";
    const parameters = [name, "--batch", "json", "--time", time, "--skip-invalid", "--json"];
    const dry = await publish("json-dry.fifo", [...parameters, "--dry-run"]);
    const about = {
      total: 2,
      rejected: 1,
      repeats: 0,
      rejects: "json.csv.rejects.ndjson",
      batch: "json",
      time: "2026-03-01T12:00:00.000Z",
    };
    expect(JSON.parse(dry.stdout)).toEqual(about);
    const { stdout, messages } = await publish("json.fifo", parameters);
    const eventIds = messages.map(({ Body = "" }) => JSON.parse(Body).id);
    expect(JSON.parse(stdout)).toEqual({
      ...about,
      published: 2,
      seconds: expect.any(Number),
      eventIds,
    });
  });

  test("NDJSON is one event to a line, with a time of the run where it has none", async () => {
    const lines = [
      createEvent({ id: "a", time: "2026-01-31T09:00:00Z" }),
      createEvent({ id: "b", data: { invitee: "b@example.com" } }),
    ].map((event) => JSON.stringify(event));
    const name = await file("events.ndjson", `\uFEFF${lines[0]}\r\n\n${lines[1]}`);
    const time = "2026-03-01T12:00:00Z";
    const { code, messages } = await publish("ndjson.fifo", [name, "--time", time]);
    expect(code).toBe(0);
    expect(eventsOf(messages)).toMatchObject([
      { id: "a", time: "2026-01-31T09:00:00Z" },
      { id: "b", time: "2026-03-01T12:00:00.000Z" },
    ]);
  });

  test("NDJSON has each problem told with its line", async () => {
    const good = JSON.stringify(createEvent());
    const name = await file(
      "bad.ndjson",
      `${good}\n\n{"a":,}\n${"x".repeat(1_100_000)}\n"text"\n${good.replace("event-1", "event-2")}`,
    );
    const { stderr, ...result } = await publish("bad-ndjson.fifo", [name]);
    expect(result).toEqual({ code: 2, stdout: "", messages: [] });
    expect(stderr.split("\n")).toEqual([
      "bad.ndjson:3: it is not JSON (value expected at column 6)",
      "bad.ndjson:4: it must have at most 1048576 bytes",
      "bad.ndjson:5: it must be an object",
      "Nothing was sent: mend the file and try again, or publish the other 2 with --skip-invalid.",
      "",
    ]);
  });

  test("events of both kinds go to their queues", async () => {
    const roleScopes = await publishing.queues.create("both-role-scopes.fifo");
    const sync = createEvent({ id: "sync", type: "onboarding.role-scopes.sync" });
    const events = [
      createEvent({ id: "create" }),
      { ...sync, data: { role: "admin", scopes: [] } },
    ];
    const name = await file("both.json", events);
    const missing = await publish("both-missing.fifo", [name]);
    expect(missing).toMatchObject({ code: 2, messages: [] });
    expect(missing.stderr).toMatch(/^ROLE_SCOPES_QUEUE_URL is not set: /);

    const { code, messages } = await publish("both.fifo", [name], {
      environment: { ROLE_SCOPES_QUEUE_URL: roleScopes },
    });
    expect(code).toBe(0);
    expect(eventsOf(messages)).toMatchObject([{ id: "create" }]);
    expect(eventsOf(await publishing.queues.drain(roleScopes))).toMatchObject([{ id: "sync" }]);
  });
});

describe.concurrent("a command that does not fit together is refused", () => {
  test.each([
    ["a CSV without a batch", [], "A CSV needs --batch <name>"],
    [
      "new ids for a CSV",
      ["--batch", "b", "--new-ids"],
      "--new-ids is for events that bring an id",
    ],
    [
      "rejects of nothing",
      ["--batch", "b", "--rejects", "r"],
      "--rejects goes with --skip-invalid",
    ],
    [
      "a batch in capitals",
      ["--batch", "Spring"],
      "error: option '--batch <name>' argument 'Spring'",
    ],
    ["a time to come", ["--batch", "b", "--time", "2999-01-01T00:00:00Z"], "error: option '--time"],
    ["no calls at all", ["--batch", "b", "--concurrency", "0"], "error: option '--concurrency"],
    ["an unknown format", ["--format", "xml"], "error: option '--format"],
    [
      "a line of JSON",
      ["--format", "json", "--from-line", "2"],
      "--from-line is for files with one",
    ],
    [
      "nothing from a line on",
      ["--batch", "b", "--from-line", "9"],
      "unfit.csv: there is no event from line 9 on",
    ],
  ])("%s", async (what, parameters, sentence) => {
    const name = await file("unfit.csv", customers(2));
    const result = await publish(`${what.replaceAll(" ", "-")}.fifo`, [name, ...parameters]);
    expect(result).toMatchObject({ code: 2, stdout: "", messages: [] });
    expect(result.stderr).toContain(sentence);
  });

  test.each([
    [
      "a batch without a time",
      ["-", "--batch", "b"],
      "A batch that is no file needs --time: give 20",
    ],
    [
      "rejects without a name",
      ["-", "--batch", "b", "--time", "2026-03-01T12:00:00Z", "--skip-invalid"],
      "What is no file needs --rejects <file>",
    ],
  ])("%s, from standard input", async (what, parameters, sentence) => {
    const result = await publish(`${what.replaceAll(" ", "-")}.fifo`, parameters, {
      stdin: customers(2),
    });
    expect(result).toMatchObject({ code: 2, stdout: "", messages: [] });
    expect(result.stderr).toContain(sentence);
  });

  test("another time than the batch has, and a batch file that is none", async () => {
    const name = await file("times.csv", customers(1));
    await file("times.batch.json", { time: "2026-03-01T12:00:00.000Z" });
    await file("broken.batch.json", "{}");
    const other = ["--batch", "times", "--time", "2026-03-01T12:00:01Z"];
    expect((await publish("times.fifo", [name, ...other])).stderr).toMatch(
      /^The batch times has the time 2026-03-01T12:00:00\.000Z \(.*times\.batch\.json\): leave out --time/,
    );
    expect((await publish("broken.fifo", [name, "--batch", "broken"])).stderr).toMatch(
      /broken\.batch\.json does not hold a batch's time: /,
    );
  });
});

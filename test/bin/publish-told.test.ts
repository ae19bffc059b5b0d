import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";
import { createEvent, type Json } from "../support/events.ts";

let world: CommandWorld;
let directory: string;
beforeAll(async () => {
  world = await startCommandWorld();
  directory = await mkdtemp(join(tmpdir(), "onboarding-told-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await world.stop();
});

const sent = async (): Promise<readonly unknown[]> =>
  [...(await world.published("invitations")), ...(await world.published("role-scopes"))].map(
    ({ Body = "" }) => JSON.parse(Body).id,
  );

/** Publishes a file, and says what came of it. The directory is taken out of what is told. */
async function publish(name: string, content: string, parameters: readonly string[] = []) {
  const path = join(directory, name);
  await writeFile(path, content);
  const { code, stdout, stderr } = await world.run(["publish", path, ...parameters]);
  const told = (text: string): string => text.replaceAll(`${directory}/`, "");
  return { code, stdout: told(stdout), stderr: told(stderr), ids: await sent() };
}

const ndjson = (...events: readonly Json[]): string =>
  events.map((event) => JSON.stringify(event)).join("\n");

const list = (...events: readonly Json[]): string =>
  `[\n${events.map((event) => JSON.stringify(event)).join(",\n")}\n]`;

const several = (count: number): readonly Json[] =>
  Array.from({ length: count }, (_, index) => createEvent({ id: `e-${index}` }));

const roles = { role: "member", scopes: [] };

describe("what was published", () => {
  test("is told with ids and queues, up to ten of them", async () => {
    const sync = createEvent({ type: "onboarding.role-scopes.sync", id: "s" });
    const events = [createEvent({ id: "a" }), { ...sync, data: roles }];
    expect((await publish("two.ndjson", ndjson(...events))).stdout).toBe(
      [
        "Published 2 events.",
        "  a  onboarding.invitation.create  to invitations",
        "  s  onboarding.role-scopes.sync  to role-scopes",
        "",
      ].join("\n"),
    );
    const many = await publish("many.ndjson", ndjson(...several(11)));
    expect(many.stdout).toBe("Published 11 events.\n");
  });

  test("is told with the ids that --new-ids made", async () => {
    const { stdout, ids } = await publish("new.json", list(...several(2)), ["--new-ids"]);
    const told = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, id]) => id);
    expect(told).toHaveLength(2);
    expect(told.toSorted()).toEqual(ids.toSorted());
  });

  test.each([
    [1_000, 1_000],
    [1_001, undefined],
  ])("%i of them have %s ids in --json, in the order of the file", async (count, told) => {
    const events = several(count).map((event, index) => ({
      ...event,
      id: `${count}-${index}`,
      data: { organizationId: "acme", invitee: `p${index}@example.com` },
    }));
    const path = join(directory, `${count}.ndjson`);
    await writeFile(path, ndjson(...events));
    const { stdout } = await world.run(["publish", path, "--json"], {
      INVITATIONS_QUEUE_URL: await world.queues.create(`${count}.fifo`),
    });
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ published: count });
    expect(summary.eventIds).toEqual(told && events.map(({ id }) => id));
  });
});

describe("two events with the same source and id in a file", () => {
  const one = createEvent({ id: "same" });
  const other = createEvent({ id: "same", data: { invitee: "grace@example.com" } });
  const third = createEvent({ id: "third" });

  test("are sent once when they are the same, which is said once", async () => {
    const { stdout, ids } = await publish("same.ndjson", ndjson(one, third, one, one));
    expect(ids).toEqual(["same", "third"]);
    expect(stdout).toMatch(
      /^Published 2 events\. 2 repeat others and are sent once: line 3 repeats line 1, and so on\.\n/,
    );
    const dry = await publish("same.json", list(third, one, one), ["--dry-run", "--json"]);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      total: 2,
      repeats: 1,
      firstRepeat: "[2] on line 4 repeats [1] on line 3",
    });
  });

  test("are a problem that names both lines when they differ", async () => {
    const result = await publish("other.ndjson", ndjson(one, third, other));
    expect(result).toMatchObject({ code: 2, ids: [] });
    expect(result.stderr).toBe(
      [
        "other.ndjson:3: it has the source and id of line 1 and other content: give it an id of its own",
        "Nothing was sent: mend the file and try again, or publish the other 2 with --skip-invalid.",
        "",
      ].join("\n"),
    );
    expect((await publish("other.json", list(third, one, other))).stderr).toMatch(
      /^other\.json:4: \[2\] has the source and id of \[1\] on line 3 and other content: /,
    );
  });

  test("are the first alone with --skip-invalid, and the second is among the rejects", async () => {
    const events = [one, other].map((event) => ({ ...event, source: "/skip" }));
    const { ids } = await publish("skip.ndjson", ndjson(...events), ["--skip-invalid"]);
    expect(ids).toEqual(["same"]);
    const rejects = await readFile(join(directory, "skip.ndjson.rejects.ndjson"), "utf8");
    expect(JSON.parse(rejects)).toMatchObject({ line: 2, given: events[1] });
  });

  test("are both looked at where the first is not sent, because --from-line is behind it", async () => {
    const events = [one, third, one].map((event) => ({ ...event, source: "/from-line" }));
    const { ids } = await publish("from.ndjson", ndjson(...events), ["--from-line", "2"]);
    expect(ids).toEqual(["third", "same"]);
  });

  test("may be ones of two sources", async () => {
    const events = ["/a", "/b"].map((source) => ({ ...one, source }));
    expect((await publish("sources.ndjson", ndjson(...events))).ids).toEqual(["same", "same"]);
  });
});

describe("an invitation that would have expired before it is published", () => {
  const of = (data: Json, attributes: Json = {}): Json => createEvent({ ...attributes, data });

  test("is a problem, in a dry run as well", async () => {
    const events = [
      of({ expiresAt: "2020-01-01T00:00:00Z" }, { id: "1" }),
      of({ expiresIn: "P7D" }, { id: "2", time: "2020-01-01T00:00:00Z" }),
      // How long it lives, only the function knows.
      of({}, { id: "3", time: "2020-01-01T00:00:00Z" }),
    ];
    for (const parameters of [[], ["--dry-run"]]) {
      const result = await publish("expired.ndjson", ndjson(...events), parameters);
      expect(result).toMatchObject({ code: 2, stdout: "", ids: [] });
      expect(result.stderr.split("\n").slice(0, 2)).toEqual([
        "expired.ndjson:1: data.expiresAt has passed: the invitation would have expired before it is published",
        "expired.ndjson:2: data.expiresIn has passed, it counts from the time 2020-01-01T00:00:00Z: the invitation would have expired before it is published",
      ]);
    }
  });

  test("is none while its time lies ahead, or counts from now", async () => {
    const events = [
      of({ expiresAt: Date.now() + 3_600_000 }, { id: "4" }),
      of({ expiresIn: "P7D" }, { id: "5" }),
    ];
    expect((await publish("ahead.ndjson", ndjson(...events))).ids).toEqual(["4", "5"]);
  });
});

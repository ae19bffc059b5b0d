import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onboarding } from "../support/command-line.ts";
import { npmStart } from "../support/npm-start.ts";

const root = join(import.meta.dirname, "..", "..");

const REAL_LOGTO = {
  LOGTO_ENDPOINT: "http://127.0.0.1:9",
  LOGTO_APP_ID: "a",
  LOGTO_APP_SECRET: "b",
};

describe("npm start", () => {
  it("carries every sample to its expected outcome and ends with 0 when run once", async () => {
    const { lines, exited } = npmStart(["--once"]);

    expect(await exited).toBe(0);
    const rows = lines.filter((line) => /(?:done|reject): /.test(line));
    expect(rows).toHaveLength(26);
    expect(lines.join("\n")).not.toContain("EXPECTED");
    expect(lines.find((line) => line.startsWith("invitation.create "))).toMatch(
      /done: created {2,}\w+ {2,}Pending {2,}sent {2,}\d+ ms {2,}\d$/,
    );
  });

  it("stays up, takes an event from the command line, and ends cleanly on Ctrl-C", async () => {
    const { child, stackFile, line, lines, exited } = npmStart([]);
    await line(/Ctrl-C ends it/);
    const environment = { LOCAL_STACK_FILE: stackFile };

    const publishing = ["publish", "--local", "--new-ids", "events/invitation.create.json"];
    const published = await onboarding(publishing, { directory: root, environment });
    expect(published).toMatchObject({ code: 0, stderr: "" });
    await line(
      /^[\d-]+T[\d:.]+Z {2}onboarding\.invitation\.create {2}done: already-pending {2}event \S+ {2}organization acme {2}invitation \w+ {2}/,
    );

    const { code, stdout } = await onboarding(["roles", "export", "--local", "--stdout"], {
      environment,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^roles:\n(?: {2}.*\n)* {2}admin:/m);

    const second = npmStart([], environment);
    expect(await second.exited).toBe(1);
    expect(second.lines).toEqual([
      expect.stringMatching(/^Another npm start is running .*: end it, or set LOCAL_STACK_FILE to/),
    ]);
    expect(existsSync(stackFile)).toBe(true);

    child.kill("SIGINT");
    expect(await exited).toBe(0);
    expect(lines.at(-1)).toBe("Stopping.");
    expect(existsSync(stackFile)).toBe(false);
  });

  it("says which variables are missing when a real Logto is named only in part", async () => {
    const { lines, exited } = npmStart(["--once"], { LOGTO_ENDPOINT: "http://127.0.0.1:9" });

    expect(await exited).toBe(1);
    expect(lines).toEqual([
      "LOGTO_APP_ID and LOGTO_APP_SECRET are not set: set all of LOGTO_ENDPOINT, LOGTO_APP_ID, " +
        "LOGTO_APP_SECRET to run against that Logto, or none of them to run against the stand-in.",
    ]);
  });

  it.each([
    [["--onec"], {}, "Unknown option '--onec'"],
    [["--logto-down", "2m"], {}, "2m is no ISO 8601 duration"],
    [["--logto-down", "PT2M", "--once"], {}, "--once ends before --logto-down begins"],
    [["--logto-down", "PT2M"], REAL_LOGTO, "--logto-down is for the stand-in"],
  ])("refuses options that it cannot use: %j", async (options, environment, words) => {
    const { lines, exited } = npmStart(options, environment);

    expect(await exited).toBe(2);
    expect(lines).toEqual([expect.stringContaining(words)]);
  });

  it("lets Logto fail for as long as it is told", async () => {
    const { child, line, exited } = npmStart(["--logto-down", "PT1S"]);
    await line(/^Logto is down until [\d-]+T[\d:.]+Z\. /);
    await line(/^Logto is back\.$/);

    child.kill("SIGINT");
    expect(await exited).toBe(0);
  });

  it("ends at once when it is interrupted while the samples are under way", async () => {
    const { child, line, lines, exited } = npmStart([]);
    await line(/^Queues/);

    child.kill("SIGINT");
    expect(await exited).toBe(130);
    expect(lines.at(-1)).toBe("Stopping.");
  });

  it("says which variable is no port, no URL, or leads to nothing", async () => {
    const answers = await Promise.all(
      [
        { LOCAL_AWS_PORT: "abc" },
        { AWS_ENDPOINT_URL: "nonsense" },
        { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
        { LOGTO_ENDPOINT: "example.com", LOGTO_APP_ID: "a", LOGTO_APP_SECRET: "b" },
      ].map(async (environment) => {
        const { lines, exited } = npmStart(["--once"], environment);
        return { code: await exited, lines };
      }),
    );

    expect(answers.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(answers.map(({ lines }) => lines)).toEqual([
      [expect.stringMatching(/^LOCAL_AWS_PORT is no port: /)],
      [expect.stringMatching(/^AWS_ENDPOINT_URL is no URL: /)],
      [expect.stringMatching(/^AWS does not answer \(ECONNREFUSED\): /)],
      [expect.stringMatching(/^LOGTO_ENDPOINT is no URL: /)],
    ]);
  });
});

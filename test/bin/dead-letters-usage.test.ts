import { describe, expect, test } from "vitest";
import { onboarding } from "../support/command-line.ts";
import { awsEnvironment, NOTHING_LISTENS } from "../support/queues.ts";

describe.concurrent("a wrong command line", () => {
  const refuse = (parameters: readonly string[]) =>
    onboarding(["dead-letters", ...parameters], {
      environment: {
        ...awsEnvironment(NOTHING_LISTENS),
        INVITATIONS_QUEUE_URL: `${NOTHING_LISTENS}/0/q.fifo`,
        INVITATIONS_DEAD_LETTER_QUEUE_URL: `${NOTHING_LISTENS}/0/d.fifo`,
        ROLE_SCOPES_QUEUE_URL: `${NOTHING_LISTENS}/0/r.fifo`,
        ROLE_SCOPES_DEAD_LETTER_QUEUE_URL: `${NOTHING_LISTENS}/0/rd.fifo`,
      },
    });

  test.each([
    ["a misspelt command", ["lsit"], "error: unknown command 'lsit'\n(Did you mean list?)"],
    ["a misspelt option", ["redrive", "--dryrun"], "error: unknown option '--dryrun'"],
    ["show without an id", ["show"], "error: missing required argument 'id'"],
    [
      "a filter without a value",
      ["list", "--reason"],
      "error: option '--reason <reason>' argument",
    ],
    ["a word too much", ["discard", "all"], "error: too many arguments for 'discard'."],
    ["a duration that is none", ["list", "--older-than", "3 days"], "error: option '--older-than"],
    ["a rate that is none", ["redrive", "--per-second", "1e-9"], "error: option '--per-second"],
  ])(
    "ends with 2 and says what is wrong, and nothing is asked of SQS: %s",
    async (_, line, says) => {
      const { code, stdout, stderr } = await refuse(line);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr.startsWith(says)).toBe(true);
    },
  );

  test("without a queue to look at ends with 2 and says which variable to set", async () => {
    const { code, stdout, stderr } = await onboarding(["dead-letters", "list"], {
      environment: {
        ...awsEnvironment(NOTHING_LISTENS),
        INVITATIONS_QUEUE_URL: `${NOTHING_LISTENS}/0/q.fifo`,
      },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^INVITATIONS_DEAD_LETTER_QUEUE_URL is not set: set it to [^\n]+\.\n$/);
  });

  test("is told apart from an SQS that does not answer, which ends with 1", async () => {
    expect(await refuse(["list"])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "AWS does not answer (ECONNREFUSED): check the network, and AWS_ENDPOINT_URL where it is set.\n",
    });
  });
});

test.each([[["--help"]], [["redrive", "--help"]]])("dead-letters %j helps", async (parameters) => {
  const { code, stdout, stderr } = await onboarding(["dead-letters", ...parameters]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: onboarding dead-letters /);
});

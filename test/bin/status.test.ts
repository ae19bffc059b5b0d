import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAwsClients } from "../../local/aws/clients.ts";
import manifest from "../../package.json" with { type: "json" };
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = await startCommandWorld();
});
afterEach(() => world.stop());

const status = (
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
) => world.run(["status", ...options], environment);

/** Puts so many messages into a queue, each in a group of its own. */
async function fill(variable: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await world.queues.sqs.send(
      new SendMessageCommand({
        QueueUrl: world.environment[variable],
        MessageBody: "{}",
        MessageGroupId: `${index}`,
        MessageDeduplicationId: `${index}`,
      }),
    );
  }
}

describe("status", () => {
  test("counts what waits, what is in flight and what was given up", async () => {
    await fill("INVITATIONS_QUEUE_URL", 3);
    await fill("ROLE_SCOPES_DEAD_LETTER_QUEUE_URL", 2);
    const { code, stdout, stderr } = await status();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(["queue", "waiting", "in flight", "oldest", "dead letters"]);
    expect(lines[2]).toEqual(["invitations", "3", "0", "-", "0"]);
    expect(lines[3]).toEqual(["role-scopes", "0", "0", "-", "2"]);

    await world.queues.receive(world.environment["INVITATIONS_QUEUE_URL"] ?? "");
    expect(JSON.parse((await status(["--json"])).stdout)).toMatchObject({
      queues: [
        { name: "invitations", waiting: 0, inFlight: 3, deadLetters: 0 },
        { name: "role-scopes", waiting: 0, inFlight: 0, deadLetters: 2 },
      ],
    });
  });

  test("says which app at which Logto answers, and the versions, but not the secret", async () => {
    const { stdout } = await status();
    const { endpoint, app } = world.logto;
    expect(stdout).toContain(`app ${app.id} at ${endpoint}`);
    expect(stdout).toContain("answers, and lets the app in");
    expect(stdout).toContain(`onboarding ${manifest.version}, node ${process.version}\n`);
    expect(stdout).not.toContain(app.secret);
  });

  test("reads the secret that is named", async () => {
    const clients = createAwsClients(world.queues.standIn);
    await clients.secretsManager.send(
      new CreateSecretCommand({ Name: "tests/wrong", SecretString: "endpoint=…" }),
    );
    clients.destroy();
    const { code, stdout } = await status([], {
      LOGTO_ENDPOINT: "",
      LOGTO_APP_ID: "",
      LOGTO_APP_SECRET: "",
      LOGTO_SECRET_ID: "tests/wrong",
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\nsecret {2}FAILED {2}see below\n\nsecret: The secret is not JSON: [^\n]+\n/,
    );
    expect(stdout).not.toMatch(/\nLogto /);
  });

  test.each([
    [
      "refuses the app",
      { LOGTO_APP_SECRET: "wrong" },
      /\nLogto {3}FAILED {2}see below\n\nLogto: Logto refuses the client secret: check LOGTO_APP_SECRET \(/,
    ],
    [
      "does not answer",
      { LOGTO_ENDPOINT: "http://127.0.0.1:2" },
      /\nLogto {3}FAILED {2}see below\n\nLogto: Logto does not answer \(ECONNREFUSED\): /,
    ],
  ])("ends with 1 when Logto %s, and shows the queues all the same", async (_, env, says) => {
    const { code, stdout, stderr } = await status([], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/\ninvitations {2}0 /);
    expect(stdout).toMatch(says);
    const { checks } = JSON.parse((await status(["--json"], env)).stdout);
    expect(checks).toContainEqual(expect.objectContaining({ name: "Logto", ok: false }));
  });

  test("ends with 1 when a queue is missing, and looks at the rest all the same", async () => {
    const url = world.environment["INVITATIONS_QUEUE_URL"]?.replace("invitations", "missing") ?? "";
    const { code, stdout, stderr } = await status([], { INVITATIONS_QUEUE_URL: url });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/\nqueues {2}FAILED {2}There is no such queue: check the URL, /);
    expect(stdout).toMatch(/\nLogto {3}ok /);
  });

  test("ends with 2 when it is not said which queues", async () => {
    const { code, stderr } = await status([], { ROLE_SCOPES_QUEUE_URL: "" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ROLE_SCOPES_QUEUE_URL is not set: set it to [^\n]+\.\n$/);
  });
});

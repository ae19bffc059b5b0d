import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type AwsStandIn, startAwsStandIn } from "../../local/aws/server.ts";
import { secretOf } from "../lib/logto/test-client.ts";
import { type CommandResult, onboarding } from "../support/command-line.ts";
import { awsEnvironment, NOTHING_LISTENS } from "../support/queues.ts";
import { API, openRolesWorld, type RolesWorld } from "../support/roles-command.ts";

let world: RolesWorld;
let aws: AwsStandIn;
beforeAll(async () => {
  world = await openRolesWorld(`roles: { reader: { ${API}: [a] } }\n`);
  aws = await startAwsStandIn();
});
afterAll(async () => {
  await aws.stop();
  await world.close();
});

const plan = (environment: Readonly<Record<string, string>>): Promise<CommandResult> =>
  onboarding(["roles", "plan"], { environment, directory: world.directory });

const NO_CHANGES = "No changes: 1 role as declared.\n";

describe.concurrent("the file of onboarding roles", () => {
  test("must be there", async () => {
    expect(await world.run("plan", "--file", "no-such.yml")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "no-such.yml is not there: give its path with --file, or write it with roles export.\n",
    });
  });

  test("must be one", async () => {
    expect(await world.run("apply", "--yes", "--file", ".")).toEqual({
      code: 2,
      stdout: "",
      stderr: ". cannot be read (EISDIR): check the path.\n",
    });
  });

  test("must be a declaration: every mistake is told with its line and column", async () => {
    const own = await openRolesWorld(
      "purne: true\nroles:\n  admin:\n    https://api.example.com:\n    write: true\n",
    );
    const { code, stdout, stderr } = await own.run("plan").finally(own.close);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      'role-scopes.yml:1:1: "purne" is not known here: there are prune and roles.\n' +
        'role-scopes.yml:4:5: "https://api.example.com" has no list, and absent is not empty: write [] for none.\n' +
        'role-scopes.yml:5:5: "write" is neither prune nor a resource indicator: that is an absolute URI such as https://api.example.com.\n' +
        "Nothing was changed: mend the file.\n",
    );
    expect(own.standIn.calls.count()).toBe(0);
  });
});

describe.concurrent("the Logto of onboarding roles", () => {
  test("is that of a secret where no other is named", async () => {
    const clients = createAwsClients(aws);
    const secret = { Name: "roles/logto", SecretString: secretOf(world.standIn) };
    await clients.secretsManager.send(new CreateSecretCommand(secret));
    clients.destroy();
    const environment = { ...awsEnvironment(aws.endpoint), LOGTO_SECRET_ID: "roles/logto" };
    const { code, stdout, stderr } = await plan(environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(NO_CHANGES);
  });

  test.each([
    [
      "not named",
      {},
      "No Logto is named: name the stage with --stage, use --local while npm start is running, or set LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET, or LOGTO_SECRET_ID to the secret that holds them.",
    ],
    [
      "named in part",
      { LOGTO_ENDPOINT: "https://logto.example.com" },
      "LOGTO_APP_ID and LOGTO_APP_SECRET are not set: set all of LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET, or none of them.",
    ],
    [
      "named by what is no base URL",
      { LOGTO_ENDPOINT: "logto.example.com/api", LOGTO_APP_ID: "app", LOGTO_APP_SECRET: "secret" },
      "LOGTO_ENDPOINT cannot be used: set it to the tenant's base URL, such as https://example.logto.app.",
    ],
  ])("is asked for when it is %s", async (_, environment, sentence) => {
    const { code, stdout, stderr } = await plan(environment);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: `${sentence}\n` });
  });

  test.each([
    [
      "nobody answers there",
      () => ({ ...world.environment, LOGTO_ENDPOINT: "http://127.0.0.1:2" }),
      /^Logto does not answer \(ECONNREFUSED\): check the network, and the endpoint in its credentials\.\n$/,
    ],
    [
      "it refuses the credentials",
      () => ({ ...world.environment, LOGTO_APP_SECRET: "wrong" }),
      /^Logto refuses the client secret: check LOGTO_APP_SECRET [^\n]+\.\n$/,
    ],
    [
      "there is no such secret",
      () => ({ ...awsEnvironment(aws.endpoint), LOGTO_SECRET_ID: "roles/missing" }),
      /^The secret roles\/missing cannot be read \(ResourceNotFoundException\): check that it exists[^\n]+\.\n$/,
    ],
    [
      "Secrets Manager does not answer",
      () => ({ ...awsEnvironment(NOTHING_LISTENS), LOGTO_SECRET_ID: "roles/logto" }),
      /^AWS does not answer \(ECONNREFUSED\): [^\n]+\.\n$/,
    ],
    [
      "nothing says where Secrets Manager is",
      () => ({ LOGTO_SECRET_ID: "roles/logto", AWS_CONFIG_FILE: "/dev/null" }),
      /^AWS_REGION is not set: [^\n]+\.\n$/,
    ],
  ])("is said to be the reason when %s", async (_, environment, sentence) => {
    const { code, stdout, stderr } = await plan(environment());
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
});

describe.concurrent("a wrong command line", () => {
  test.each([
    [
      "a misspelt option",
      ["apply", "--yse"],
      "error: unknown option '--yse'\n(Did you mean --yes?)",
    ],
    [
      "a number that is none",
      ["plan", "--allow-removals", "all"],
      "error: option '--allow-removals",
    ],
  ])("ends with 2 and says what is wrong: %s", async (_, parameters, says) => {
    const { code, stdout, stderr } = await world.run(...parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(says)).toBe(true);
  });

  test("ends with 1 beside --detailed-exitcode, where 2 means changes", async () => {
    const { code, stderr } = await world.run("plan", "--detailed-exitcode", "--flie", "x");
    expect({ code, says: stderr.split("\n")[0] }).toEqual({
      code: 1,
      says: "error: unknown option '--flie'",
    });
  });
});

test("roles plan --help helps, with examples and exit codes", async () => {
  const { code, stdout, stderr } = await world.run("plan", "--help");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: onboarding roles plan /);
  expect(stdout).toContain("\nExamples:\n");
  expect(stdout).toContain("\nWith --detailed-exitcode: 0 no changes, 2 changes");
});

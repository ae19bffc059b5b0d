import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAwsClients } from "../../local/aws/clients.ts";
import { secretOf } from "../lib/logto/test-client.ts";
import { runInProcess } from "../support/command-in-process.ts";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";
import { type DeployedStage, startDeployedStage } from "../support/deployed-stage.ts";

const SECRET = "logto-onboarding/prod/logto";
const DAY_MS = 86_400_000;

let world: CommandWorld;
let stage: DeployedStage;
beforeEach(async () => {
  world = await startCommandWorld();
  stage = await startDeployedStage("logto-onboarding-prod");
  const clients = createAwsClients(world.queues.standIn);
  await clients.secretsManager.send(
    new CreateSecretCommand({ Name: SECRET, SecretString: secretOf(world.logto) }),
  );
  clients.destroy();
  const urlOf = (variable: string) => world.environment[variable] ?? "";
  stage.outputs.set("InvitationsQueueUrl", urlOf("INVITATIONS_QUEUE_URL"));
  stage.outputs.set("InvitationsDeadLetterQueueUrl", urlOf("INVITATIONS_DEAD_LETTER_QUEUE_URL"));
  stage.outputs.set("RoleScopesQueueUrl", urlOf("ROLE_SCOPES_QUEUE_URL"));
  stage.outputs.set("RoleScopesDeadLetterQueueUrl", urlOf("ROLE_SCOPES_DEAD_LETTER_QUEUE_URL"));
  stage.outputs.set("LogtoSecretArn", SECRET);
});
afterEach(async () => {
  await stage.stop();
  await world.stop();
});

/** Nothing but AWS is named: no queue and no Logto. */
const run = (parameters: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runInProcess(parameters, { ...world.queues.environment, ...stage.environment, ...more });

const create = ["invitations", "create", "--organization", "acme", "--invitee", "ada@example.com"];
const inProd = ["--stage", "prod"] as const;

describe("--stage", () => {
  test("publishes to the queue that the stack names", async () => {
    expect(await run([...create, ...inProd])).toMatchObject({ code: 0, stderr: "" });
    expect(await world.published("invitations")).toHaveLength(1);
    expect(stage.asked).toEqual(["DescribeStacks logto-onboarding-prod"]);
  });

  test("reads Logto's credentials from the secret that the stack names, and no others", async () => {
    const shell = {
      LOGTO_ENDPOINT: "http://127.0.0.1:1",
      LOGTO_APP_ID: "shell",
      LOGTO_APP_SECRET: "shell",
    };
    const { code, stdout, stderr } = await run(["roles", "show", "reader", ...inProd], shell);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("https://api.example.com  read");
  });

  test("--direct has the settings of the deployed function", async () => {
    stage.functions.set("logto-onboarding-prod-invitations", { INVITATION_EXPIRES_IN: "P3D" });
    const { code, stdout } = await run([...create, ...inProd, "--direct", "--json"]);
    expect({ code, asked: stage.asked }).toEqual({
      code: 0,
      asked: [
        "DescribeStacks logto-onboarding-prod",
        "GetFunctionConfiguration logto-onboarding-prod-invitations",
      ],
    });
    const { invitationId } = JSON.parse(stdout);
    const { createdAt, expiresAt } = world.logto.state.invitations.get(invitationId) ?? {};
    const lifetimeDays = (Number(expiresAt) - Number(createdAt)) / DAY_MS;
    expect(Math.round(lifetimeDays)).toBe(3);
  });

  test("reconcile has the settings of the deployed function", async () => {
    stage.functions.set("logto-onboarding-prod-reconcile", { RECONCILE_EVERY: "PT7H" });
    const { code, stderr } = await run(["reconcile", ...inProd, "--dry-run"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^RECONCILE_EVERY cannot be used/);
  });

  test("status looks at all of it", async () => {
    const { code, stdout } = await run(["status", ...inProd, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      queues: [{ name: "invitations" }, { name: "role-scopes" }],
      checks: [
        { name: "secret", ok: true },
        { name: "Logto", ok: true },
      ],
    });
  });
});

describe("a stage", () => {
  test("that is not deployed is told apart from one that is", async () => {
    expect(await run(["status", "--stage", "pord"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "There is no stack logto-onboarding-pord in this account and region: check --stage, --region and AWS_PROFILE.\n",
    });
  });

  test("cannot have a name that no deployment takes", async () => {
    expect(await run(["status", "--stage", "my_stage"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "--stage is no name of a stage: a stage has up to 18 letters, digits and hyphens, a letter first.\n",
    });
    expect(stage.asked).toEqual([]);
  });

  test("of an older version has to be deployed anew", async () => {
    stage.outputs.delete("LogtoSecretArn");
    expect(await run(["status", ...inProd])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "The stack logto-onboarding-prod has no output LogtoSecretArn: deploy this version of the project to it.\n",
    });
  });

  test("without a function has to be deployed anew", async () => {
    expect(await run([...create, ...inProd, "--direct"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "The stage prod has no function invitations: deploy this version of the project to it.\n",
    });
    expect(world.logto.state.invitations.size).toBe(0);
  });

  test("that one may not look at says what is not allowed", async () => {
    stage.deny();
    expect(await run(["status", ...inProd])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "AWS does not allow it: User: arn:aws:iam::000000000000:user/eve is not authorized to perform: " +
        "cloudformation:DescribeStacks. Use credentials that may do this, such as another AWS_PROFILE.\n",
    });
  });

  test("and --local are two", async () => {
    expect(await run(["status", ...inProd, "--local"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "--local and --stage name two stacks: give one of them.\n",
    });
  });

  test("cannot be found without credentials, or without a region", async () => {
    const none = { AWS_EC2_METADATA_DISABLED: "true" };
    const {
      AWS_ACCESS_KEY_ID: _id,
      AWS_SECRET_ACCESS_KEY: _secret,
      ...others
    } = world.queues.environment;
    const noCredentials = { ...others, ...stage.environment, ...none };
    expect(await runInProcess(["status", ...inProd], noCredentials)).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.\n",
    });
    const { AWS_REGION: _region, ...noRegion } = world.queues.environment;
    expect(
      await runInProcess(["status", ...inProd], { ...noRegion, ...stage.environment }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^AWS_REGION is not set: .*--region/),
    });
    expect(
      await runInProcess(["status", ...inProd, "--region", "eu-west-1"], {
        ...noRegion,
        ...stage.environment,
      }),
    ).toMatchObject({ code: 0 });
  });
});

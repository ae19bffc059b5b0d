import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsClients, createAwsClients } from "../../local/aws/clients.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { onboarding } from "../support/command-line.ts";
import { awsEnvironment, NOTHING_LISTENS, type Queues, startQueues } from "../support/queues.ts";

let queues: Queues;
let logto: LogtoStandIn;
let clients: AwsClients;
beforeAll(async () => {
  queues = await startQueues();
  logto = await startLogtoStandIn();
  clients = createAwsClients(queues.standIn);
});
afterAll(async () => {
  clients.destroy();
  await logto.stop();
  await queues.stop();
});

type Fields = Readonly<Record<string, string | undefined>>;

const credentials = (fields: Fields = {}): string => {
  const { endpoint, app } = logto;
  return JSON.stringify({ endpoint, appId: app.id, appSecret: app.secret, ...fields });
};

/** Makes a secret of this name and checks it. */
async function checkSecret(
  name: string,
  text: string | undefined,
  options: readonly string[] = [],
) {
  await clients.secretsManager.send(new CreateSecretCommand({ Name: name, SecretString: text }));
  return onboarding(["secret", "check", ...options], {
    environment: { ...queues.environment, LOGTO_SECRET_ID: name },
  });
}

describe.concurrent("onboarding secret check", () => {
  test("with --pending and nothing pending says to put one in first", async () => {
    expect(await checkSecret("none-pending", credentials(), ["--pending"])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "The secret none-pending has no version AWSPENDING: put one in first, with aws secretsmanager put-secret-value --version-stages AWSPENDING.\n",
    });
  });

  test("of credentials that work tells all but the secret, and ends with 0", async () => {
    const { code, stdout, stderr } = await checkSecret("works", credentials());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "secret    works",
      `endpoint  ${logto.endpoint}`,
      `app       ${logto.app.id}`,
      `resource  ${logto.resource}`,
      "scope     all",
      expect.stringMatching(/^token {5}good until \d{4}-\d\d-\d\dT[\d:.]+Z, for 3600 s$/),
      "",
    ]);
    expect(stdout).not.toContain(logto.app.secret);
  });

  test("with --pending checks what is to become current, and not what is", async () => {
    const text = credentials({ appSecret: "not the secret" });
    await clients.secretsManager.send(
      new CreateSecretCommand({ Name: "pending", SecretString: text }),
    );
    await clients.secretsManager.send(
      new PutSecretValueCommand({
        SecretId: "pending",
        SecretString: credentials(),
        VersionStages: ["AWSPENDING"],
      }),
    );
    const environment = { ...queues.environment, LOGTO_SECRET_ID: "pending" };
    const current = await onboarding(["secret", "check"], { environment });
    const pending = await onboarding(["secret", "check", "--pending"], { environment });
    expect([current.code, pending.code]).toEqual([1, 0]);
    expect(pending.stdout).toContain("secret    pending (AWSPENDING)\n");
  });

  test.each([
    ["that was made empty", "empty", undefined, /^The secret empty holds no text: put Logto's/],
    ["that is no JSON", "text", "endpoint=…", /^The secret is not JSON: it must be JSON such as /],
    [
      "without a field",
      "no-app",
      '{"endpoint":"https://logto.example","appSecret":"s3cr3t"}',
      /^The secret cannot be used, check appId in it: /,
    ],
  ])(
    "of a secret %s says what is wrong in one sentence, and ends with 1",
    async (_what, name, text, says) => {
      const { code, stdout, stderr } = await checkSecret(name, text);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(says);
      expect(stderr).toMatch(/^[^\n]+\.\n$/);
      expect(stderr).not.toContain("s3cr3t");
    },
  );

  test.each<[string, string, () => Fields, RegExp]>([
    [
      "that Logto refuses",
      "wrong",
      () => ({ appSecret: "s3cr3t" }),
      /^Logto refuses the client secret: check appSecret in the secret \(POST \/oidc\/token: 401 /,
    ],
    [
      "of an app that Logto does not know",
      "unknown",
      () => ({ appId: "nobody" }),
      /^Logto does not know the app: check appId in the secret \(/,
    ],
    [
      "for another resource",
      "resource",
      () => ({ resource: "https://other.example/api" }),
      /^Logto does not know the API resource: check resource in the secret \(/,
    ],
    [
      "of a Logto that does not answer",
      "gone",
      () => ({ endpoint: NOTHING_LISTENS }),
      /^Logto does not answer \(/,
    ],
  ])("of credentials %s says so, and ends with 1", async (_what, name, fields, says) => {
    const { code, stdout, stderr } = await checkSecret(name, credentials(fields()));
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(stdout).toContain("endpoint  ");
    expect(stdout + stderr).not.toContain("s3cr3t");
    expect(stdout).not.toContain("token ");
  });

  test("without a secret named says how to name one, and ends with 2", async () => {
    expect(await onboarding(["secret", "check"], { environment: queues.environment })).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "No secret is named: name the stage with --stage, use --local while npm start is running, or set LOGTO_SECRET_ID.\n",
    });
  });

  test("of a secret that is not there, or where AWS does not answer, says so and ends with 1", async () => {
    const environment = { ...queues.environment, LOGTO_SECRET_ID: "missing" };
    const missing = await onboarding(["secret", "check"], { environment });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain(
      "The secret missing cannot be read (ResourceNotFoundException)",
    );
    const gone = await onboarding(["secret", "check"], {
      environment: { ...awsEnvironment(NOTHING_LISTENS), LOGTO_SECRET_ID: "missing" },
    });
    expect(gone).toMatchObject({ code: 1, stdout: "" });
    expect(gone.stderr).toContain("AWS does not answer (ECONNREFUSED)");
  });
});

test("onboarding secret check says so when the app lacks the scope, and ends with 1", async () => {
  const restore = logto.faults.add({ on: "*", action: { kind: "tokenWithoutScope" } });
  const { code, stderr } = await checkSecret("no-scope", credentials());
  restore();
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^The app may not use the Management API: give it a machine-to-machine role with the scope all \(/,
  );
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type AwsStandIn, startAwsStandIn } from "../../local/aws/server.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";

// Endpoints that the run did not start itself and that hold other things already: as far as it can
// tell they are a real Logto and a real AWS.

let logto: LogtoStandIn;
let aws: AwsStandIn;

beforeEach(async () => {
  logto = await startLogtoStandIn();
  aws = await startAwsStandIn();
});

afterEach(async () => {
  await logto.stop();
  await aws.stop();
});

async function runOnce(): Promise<{ code: unknown; output: string }> {
  const root = join(import.meta.dirname, "..", "..");
  const child = spawn(process.execPath, [join(root, "local", "start.ts"), "--once"], {
    cwd: root,
    env: {
      PATH: process.env["PATH"] ?? "",
      LOGTO_ENDPOINT: logto.endpoint,
      LOGTO_APP_ID: logto.app.id,
      LOGTO_APP_SECRET: logto.app.secret,
      AWS_ENDPOINT_URL: aws.endpoint,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  const [code] = await once(child, "close");
  return { code, output };
}

it("runs the samples against the Logto and the AWS of the environment, and leaves neither changed", async () => {
  logto.seed({ organizations: [{ name: "Acme" }], roles: [{ name: "member" }] });
  const before = structuredClone([
    ...logto.state.organizations.keys(),
    ...logto.state.roles.keys(),
  ]);

  const { code, output } = await runOnce();

  expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining("EXPECTED") });
  expect(output).toContain(`Logto   ${logto.endpoint}`);
  expect(logto.outbox.map(({ to }) => to)).toContain("ada@example.com");
  expect([...logto.state.organizations.keys(), ...logto.state.roles.keys()]).toEqual(before);
  expect(logto.state.users.size).toBe(0);
  const { sqs, destroy } = createAwsClients(aws);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  destroy();
});

it("asks for no e-mail where the tenant has no e-mail connector", async () => {
  await logto.stop();
  logto = await startLogtoStandIn({ emailConnector: false });

  const { code, output } = await runOnce();

  expect(code).toBe(0);
  expect(output).toContain("no e-mail connector: nothing is mailed");
  expect(logto.outbox).toEqual([]);
});

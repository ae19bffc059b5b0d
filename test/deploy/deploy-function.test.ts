import { rm } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandResult, runProgram } from "../support/command-line.ts";
import { type AwsRecorder, startAwsRecorder } from "./aws-recorder.ts";
import { copyOfProject } from "./package-stack.ts";

const NAME = "logto-onboarding-prod-invitations";

let directory: string;
let aws: AwsRecorder;
let result: CommandResult;
beforeAll(async () => {
  directory = await copyOfProject();
  aws = await startAwsRecorder("logto-onboarding-prod", [NAME]);
  const cli = join("node_modules", "serverless", "bin", "serverless.js");
  const command = [cli, "deploy", "function", "-f", "invitations", "--stage", "prod"];
  result = await runProgram(process.execPath, command, {
    directory,
    environment: {
      AWS_ENDPOINT_URL: `http://localhost:${aws.port}`,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      SLS_TELEMETRY_DISABLED: "1",
      SLS_NOTIFICATIONS_MODE: "off",
    },
  });
}, 60_000);
afterAll(async () => {
  await aws.stop();
  await rm(directory, { recursive: true });
});

const bodyOf = (call: string): unknown =>
  JSON.parse(aws.requests.find((request) => request.call === call)?.body || "{}");

describe("serverless deploy function", () => {
  test("succeeds", () => {
    expect(result).toMatchObject({ code: 0 });
  });

  test("puts the bundle in the place of the function's code", () => {
    const { ZipFile: zip } = v.parse(
      v.object({ ZipFile: v.string() }),
      bodyOf(`PUT /2015-03-31/functions/${NAME}/code`),
    );
    expect(Object.keys(unzipSync(Buffer.from(zip, "base64")))).toContain(
      "functions/invitations.mjs",
    );
  });

  test("finds the function's role by its name, and leaves the settings as they are", () => {
    const changed = bodyOf(`PUT /2015-03-31/functions/${NAME}/configuration`);
    expect(changed).toMatchObject({
      Role: "arn:aws:iam::000000000000:role/logto-onboarding-prod-us-east-1-invitations",
    });
    expect(changed).not.toHaveProperty("Environment");
  });
});

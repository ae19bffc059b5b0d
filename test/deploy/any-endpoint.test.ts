import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandResult, runProgram } from "../support/command-line.ts";
import { type AwsRecorder, startAwsRecorder } from "./aws-recorder.ts";
import { copyOfProject } from "./package-stack.ts";
import { deploy, parseTemplate, type Template } from "./template.ts";

/** What an emulator must know: Lambda, SQS, IAM, Secrets Manager, CloudWatch, SNS, Scheduler. */
const RESOURCE_TYPES = [
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::IAM::Role",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Logs::LogGroup",
  "AWS::S3::Bucket",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::Subscription",
  "AWS::SNS::Topic",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::Queue",
  "AWS::SQS::QueuePolicy",
  "AWS::Scheduler::Schedule",
  "AWS::SecretsManager::Secret",
];

let directory: string;
let aws: AwsRecorder;
let result: CommandResult;
let template: Template;
beforeAll(async () => {
  directory = await copyOfProject();
  aws = await startAwsRecorder("logto-onboarding-local");
  const cli = join("node_modules", "serverless", "bin", "serverless.js");
  result = await runProgram(process.execPath, [cli, "deploy", "--stage", "local"], {
    directory,
    environment: {
      AWS_ENDPOINT_URL: `http://localhost:${aws.port}`,
      // As it is, and not in signed chunks.
      AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_REQUIRED",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      SLS_AWS_MONITORING_FREQUENCY: "50",
      SLS_TELEMETRY_DISABLED: "1",
      SLS_NOTIFICATIONS_MODE: "off",
    },
  });
  const uploaded = aws.requests.find(({ call }) => call.endsWith("template.json"));
  template = parseTemplate(uploaded?.body ?? "{}");
}, 60_000);
afterAll(async () => {
  await aws.stop();
  await rm(directory, { recursive: true });
});

describe("AWS_ENDPOINT_URL=… serverless deploy --stage local", () => {
  test("deploys, with neither credentials nor region configured", () => {
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout + result.stderr).toContain("Service deployed to stack");
  });

  test("talks to that endpoint, and names buckets in the path, which needs no name server", () => {
    expect([...new Set(aws.requests.map(({ host }) => host))]).toEqual([`localhost:${aws.port}`]);
    const uploads = aws.requests.filter(({ call }) => call.startsWith("PUT "));
    expect(uploads).toHaveLength(6);
    for (const { call } of uploads) expect(call).toMatch(/^PUT \/deployments\/serverless\//);
  });

  test("asks CloudFormation for an update, and for no change set", () => {
    const calls = aws.requests.map(({ call }) => call);
    expect(calls).toContain("UpdateStack");
    expect(calls.filter((call) => call.includes("ChangeSet"))).toEqual([]);
  });

  test("asks for nothing but what an emulator has", () => {
    const types = new Set(Object.values(template.Resources).map(({ Type: type }) => type));
    expect([...types].toSorted()).toEqual(RESOURCE_TYPES);
    expect(Object.keys(template)).not.toContain("Transform");
    const functions = deploy(template).ofType("AWS::Lambda::Function");
    expect(functions.map(({ properties }) => properties["Architectures"])).toEqual(
      functions.map(() => ["x86_64"]),
    );
  });

  test("leaves nothing behind when the stack is removed", () => {
    const policies = Object.values(template.Resources).map(
      (resource) => resource["DeletionPolicy"] ?? "Delete",
    );
    expect([...new Set(policies)]).toEqual(["Delete"]);
  });
});

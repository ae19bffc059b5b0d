import { describe, expect, test } from "vitest";
import { statementsOf } from "../functions.ts";
import { ACCOUNT, type Deployment, REGION } from "../template.ts";

const arnOf = (queue: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:logto-onboarding-dev-${queue}`;

export function checkSchedule(stack: Deployment): void {
  describe("the schedule of reconcile", () => {
    test("runs it at full hours with the time, tries again, and keeps what Lambda did not take", () => {
      expect(stack.resource("ReconcileSchedule").properties).toEqual({
        Name: "logto-onboarding-dev-reconcile",
        Description: expect.any(String),
        ScheduleExpression: "cron(0 0/1 * * ? *)",
        ScheduleExpressionTimezone: "UTC",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: "ReconcileLambdaFunction.Arn",
          RoleArn: "ReconcileScheduleRole.Arn",
          Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
          RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 },
          DeadLetterConfig: { Arn: arnOf("reconcile-schedule-dead-letters") },
        },
      });
    });

    test("is the only thing that invokes a function by the clock", () => {
      expect(stack.ofType("AWS::Scheduler::Schedule")).toHaveLength(1);
      expect(stack.ofType("AWS::Events::Rule")).toEqual([]);
      expect(stack.ofType("AWS::Lambda::Permission")).toEqual([]);
    });

    test("takes a role that may invoke it and keep what failed, for this account alone", () => {
      const role = stack.resource("ReconcileScheduleRole");
      expect(role.properties["AssumeRolePolicyDocument"]).toMatchObject({
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
          },
        ],
      });
      expect(statementsOf(role).filter(({ Sid }) => Sid !== "UseOwnKey")).toEqual([
        {
          Sid: "Invoke",
          Effect: "Allow",
          Action: ["lambda:InvokeFunction"],
          Resource: ["ReconcileLambdaFunction.Arn"],
        },
        {
          Sid: "DeadLetter",
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: [arnOf("reconcile-schedule-dead-letters")],
        },
      ]);
    });
  });

  test("a run of reconcile that fails is tried twice more, and then kept for somebody", () => {
    const configs = stack.ofType("AWS::Lambda::EventInvokeConfig");
    expect(configs.map(({ properties }) => properties)).toEqual([
      {
        FunctionName: "logto-onboarding-dev-reconcile",
        Qualifier: "$LATEST",
        MaximumEventAgeInSeconds: 3600,
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: arnOf("reconcile-failures") } },
      },
    ]);
  });

  test("a reconcile that does not run raises an alarm, as having no data does", () => {
    expect(stack.resource("ReconcileNotRunAlarm").properties).toMatchObject({
      MetricName: "Invocations",
      Dimensions: [{ Name: "FunctionName", Value: "logto-onboarding-dev-reconcile" }],
      Statistic: "Sum",
      Period: 3600,
      EvaluationPeriods: 2,
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      TreatMissingData: "breaching",
    });
  });
}

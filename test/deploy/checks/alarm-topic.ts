import { expect, test } from "vitest";
import type { Deployment } from "../template.ts";

/** The topic that the stack makes, unless a parameter names one. */
export function checkAlarmTopic(stack: Deployment): void {
  test("the alarm topic takes alarms of this account, and nothing without TLS", () => {
    expect(stack.resource("AlarmTopicPolicy").properties).toEqual({
      Topics: ["ref:AlarmTopic"],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AlarmsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: "ref:AlarmTopic",
            Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
          },
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: "ref:AlarmTopic",
            Condition: { Bool: { "aws:SecureTransport": false } },
          },
        ],
      },
    });
  });

  test("nobody is mailed unless an address is given", () => {
    expect(stack.ofType("AWS::SNS::Subscription")).toEqual([]);
  });
}

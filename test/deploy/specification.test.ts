import { expect, test } from "vitest";
import { isAwsMetric, problemsOf } from "./specification.ts";

test.each([
  [
    "AWS::SQS::Queue",
    { VisibilityTimeot: 1 },
    "AWS::SQS::Queue.VisibilityTimeot is not a property",
  ],
  [
    "AWS::SQS::Queue",
    { FifoQueue: "yes" },
    'AWS::SQS::Queue.FifoQueue is "yes" and not true or false',
  ],
  [
    "AWS::CloudWatch::Alarm",
    { Dimensions: [{ Name: "QueueName" }] },
    "AWS::CloudWatch::Alarm.Dimensions[0].Value is missing",
  ],
  [
    "AWS::Logs::LogGroup",
    { RetentionInDays: 2 },
    "AWS::Logs::LogGroup.RetentionInDays is 2 and not allowed",
  ],
  ["AWS::SQS::Qeue", {}, "AWS::SQS::Qeue is not a resource type"],
])("the specification complains of %s %j", (type, properties, problem) => {
  expect(problemsOf(type, properties)).toEqual([problem]);
});

test("the specification complains of nothing that is right", () => {
  expect(problemsOf("AWS::SQS::Queue", { FifoQueue: true, RedrivePolicy: {} })).toEqual([]);
});

test("the specification knows the metrics of AWS, and no others", () => {
  expect(isAwsMetric("AWS/SQS", "ApproximateAgeOfOldestMessage")).toBe(true);
  expect(isAwsMetric("AWS/SQS", "AgeOfOldestMessage")).toBe(false);
});

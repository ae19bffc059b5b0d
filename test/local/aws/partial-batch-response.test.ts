import { expect, test } from "vitest";
import { succeededRecords } from "../../../local/aws/partial-batch-response.ts";
import { toLambdaRecord } from "../../../local/aws/sqs-record.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:orders.fifo";
const records = ["a", "b", "c"].map((id) => toLambdaRecord({ MessageId: id }, QUEUE_ARN));

function succeeded(answer: unknown): string[] | undefined {
  return succeededRecords(records, answer)?.map(({ messageId }) => messageId);
}

test.each([null, undefined, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
  "%j means all done",
  (answer) => {
    expect(succeeded(answer)).toEqual(["a", "b", "c"]);
  },
);

test("what is reported failed is not done, named twice or once", () => {
  const b = { itemIdentifier: "b" };
  expect(succeeded({ batchItemFailures: [b] })).toEqual(["a", "c"]);
  expect(succeeded({ batchItemFailures: [b, b] })).toEqual(["a", "c"]);
});

test.each([
  "done",
  7,
  [[]],
  { batchItemFailure: [] },
  { batchItemFailures: "b" },
  { batchItemFailures: [{ itemIdentifier: "" }] },
  { batchItemFailures: [{ itemIdentifier: null }] },
  { batchItemFailures: [{ itemIdentifier: "unknown" }] },
  { batchItemFailures: [{ itemidentifier: "b" }] },
  { batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "unknown" }] },
])("%j fails the whole batch", (answer) => {
  expect(succeeded(answer)).toBeUndefined();
});

test("a received message becomes a record in Lambda's own shape", () => {
  const record = toLambdaRecord(
    {
      MessageId: "a",
      ReceiptHandle: "handle",
      Body: "{}",
      MD5OfBody: "99914b932bd37a50b983c5e7c90ae93b",
      Attributes: {
        ApproximateReceiveCount: "2",
        SentTimestamp: "1",
        SenderId: "me",
        ApproximateFirstReceiveTimestamp: "3",
        MessageGroupId: "group",
        MessageDeduplicationId: "once",
        SequenceNumber: "4",
      },
      MessageAttributes: {
        reason: { DataType: "String", StringValue: "unknown-role" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
      },
    },
    QUEUE_ARN,
  );
  expect(record).toEqual({
    messageId: "a",
    receiptHandle: "handle",
    body: "{}",
    md5OfBody: "99914b932bd37a50b983c5e7c90ae93b",
    attributes: {
      ApproximateReceiveCount: "2",
      SentTimestamp: "1",
      SenderId: "me",
      ApproximateFirstReceiveTimestamp: "3",
      MessageGroupId: "group",
      MessageDeduplicationId: "once",
      SequenceNumber: "4",
    },
    messageAttributes: {
      reason: {
        stringValue: "unknown-role",
        dataType: "String",
        stringListValues: [],
        binaryListValues: [],
      },
      bytes: {
        binaryValue: "AQI=",
        dataType: "Binary",
        stringListValues: [],
        binaryListValues: [],
      },
    },
    eventSource: "aws:sqs",
    eventSourceARN: QUEUE_ARN,
    awsRegion: "us-east-1",
  });
});

import { SQSClient } from "@aws-sdk/client-sqs";

let client: SQSClient | undefined;

/** The SQS client of this process: one, so that connections are kept. */
export function sqsClient(): SQSClient {
  client ??= new SQSClient({});
  return client;
}

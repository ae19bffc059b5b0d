import { SQSClient } from "@aws-sdk/client-sqs";

let client: SQSClient | undefined;
let impatientClient: SQSClient | undefined;

/** The SQS client of this process: one, so that connections are kept. */
export function sqsClient(): SQSClient {
  client ??= new SQSClient({});
  return client;
}

/**
 * An SQS client for what is to be sent soon or not at all: it gives up after some ten seconds, where
 * the usual one would wait for an answer that never comes. One, as the usual one.
 */
export function impatientSqsClient(): SQSClient {
  impatientClient ??= new SQSClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    },
  });
  return impatientClient;
}

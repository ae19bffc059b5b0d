import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { QUEUE_NAMES, type QueueName } from "../lib/events/queue-name.ts";
import type { Target } from "./target.ts";

/** What stands in a queue. SQS counts approximately. */
export type QueueStatus = {
  readonly name: QueueName;
  /** Messages to be received, those that wait for their next try included. */
  readonly waiting: number;
  readonly inFlight: number;
  /** Age of the oldest message; absent where CloudWatch does not say. */
  readonly oldestSeconds?: number;
  readonly deadLetters: number;
};

/**
 * What stands in the queues of a target and in their dead letters.
 *
 * Source: GetQueueAttributes, and GetMetricData for the age, which SQS itself does not tell.
 *
 * @throws UsageError where a queue is not named, and what SQS answers.
 */
export async function queueStatuses({
  openSqs,
  queueUrl,
}: Target): Promise<readonly QueueStatus[]> {
  const queues = QUEUE_NAMES.map((name) => ({
    name,
    url: queueUrl(name),
    deadLettersUrl: queueUrl(`${name}-dead-letters`),
  }));
  const sqs = await openSqs();
  try {
    return await Promise.all(queues.map((queue) => statusOf(sqs, queue)));
  } finally {
    sqs.destroy();
  }
}

type Queue = { readonly name: QueueName; readonly url: string; readonly deadLettersUrl: string };

async function statusOf(
  sqs: SQSClient,
  { name, url, deadLettersUrl }: Queue,
): Promise<QueueStatus> {
  const [own, dead, oldestSeconds] = await Promise.all([
    counts(sqs, url),
    counts(sqs, deadLettersUrl),
    oldest(url.slice(url.lastIndexOf("/") + 1)),
  ]);
  return {
    name,
    ...own,
    ...(oldestSeconds === undefined ? {} : { oldestSeconds }),
    deadLetters: dead.waiting + dead.inFlight,
  };
}

async function counts(sqs: SQSClient, url: string): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  const count = (name: keyof typeof Attributes): number => Number(Attributes[name] ?? 0);
  return {
    waiting: count("ApproximateNumberOfMessages") + count("ApproximateNumberOfMessagesDelayed"),
    inFlight: count("ApproximateNumberOfMessagesNotVisible"),
  };
}

/** CloudWatch has a new value each minute, a little late. */
const LOOK_BACK_MS = 600_000;

/** An age that nobody tells is no reason not to tell the rest. */
async function oldest(queueName: string): Promise<number | undefined> {
  const { CloudWatchClient, GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient({ maxAttempts: 1 });
  const now = Date.now();
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - LOOK_BACK_MS),
        EndTime: new Date(now),
        ScanBy: "TimestampDescending",
        MetricDataQueries: [
          {
            Id: "oldest",
            MetricStat: {
              Metric: {
                Namespace: "AWS/SQS",
                MetricName: "ApproximateAgeOfOldestMessage",
                Dimensions: [{ Name: "QueueName", Value: queueName }],
              },
              Period: 60,
              Stat: "Maximum",
            },
          },
        ],
      }),
      { abortSignal: AbortSignal.timeout(5_000) },
    );
    return MetricDataResults[0]?.Values?.[0];
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

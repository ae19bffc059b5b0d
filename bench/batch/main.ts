import type { SQSRecord } from "aws-lambda";
import { createBudget } from "../../lib/logto/budget.ts";
import { createLogtoClient } from "../../lib/logto/client.ts";
import { fixedCredentials } from "../../lib/logto/credentials.ts";
import { startLogtoStandIn } from "../../local/logto/server.ts";
import { table } from "../../local/table.ts";
import { contenders } from "./contenders.ts";

/** `npm run bench`: a batch of ten messages, ten groups and one group, each Logto call taking 50 ms. */

const CALL_MS = 50;
const MESSAGES = 10;
const ROUNDS = 9;

const standIn = await startLogtoStandIn();
standIn.seed({ organizations: [{ id: "acme", name: "Acme" }] });
standIn.faults.add({
  on: "POST /api/organization-invitations",
  action: { kind: "delay", beforeMs: CALL_MS },
});
const logto = createLogtoClient({
  credentials: fixedCredentials({
    endpoint: standIn.endpoint,
    appId: standIn.app.id,
    appSecret: standIn.app.secret,
    resource: standIn.resource,
    hashKey: "unused",
  }),
  budget: createBudget({ requestsPerSecond: 1e5, burst: 1e5, emailCreatesInFlight: 16 }),
  timeoutMs: 10_000,
  emailTimeoutMs: 10_000,
});

let invitee = 0;
for (const groups of [10, 1]) {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const { name, run } of contenders) {
      const before = standIn.state.invitations.size;
      const records = Array.from({ length: MESSAGES }, (_, index) => record(index % groups));
      const startedAt = performance.now();
      const { batchItemFailures } = await run(records, logto);
      const took = performance.now() - startedAt;
      const made = standIn.state.invitations.size - before;
      if (batchItemFailures.length > 0 || made !== MESSAGES) {
        throw new Error(`${name} made ${made} of ${MESSAGES} invitations.`);
      }
      // The first round warms up.
      if (round >= 0) times.get(name)?.push(took);
    }
  }
  const medians = [...times].map(([name, all]) => [name, median(all)] as const);
  const own = medians[0]?.[1] ?? 1;
  const rows = medians.map(([name, ms]) => [name, `${ms.toFixed(1)} ms`, (ms / own).toFixed(2)]);
  console.log(`\n${MESSAGES} messages in ${groups} groups, ${CALL_MS} ms a call, ${ROUNDS} rounds`);
  console.log(table([["contender", "median", "ratio"], ...rows]));
}
await standIn.stop();

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function record(group: number): SQSRecord {
  const id = String(invitee++);
  return {
    messageId: id,
    receiptHandle: id,
    body: JSON.stringify({
      specversion: "1.0",
      id,
      source: "/bench",
      type: "onboarding.invitation.create",
      time: new Date().toISOString(),
      data: { organizationId: "acme", invitee: `bench-${id}@example.com`, message: false },
    }),
    attributes: {
      MessageGroupId: String(group),
      ApproximateReceiveCount: "1",
      SentTimestamp: String(Date.now()),
      ApproximateFirstReceiveTimestamp: String(Date.now()),
      SenderId: "bench",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:bench.fifo",
    awsRegion: "us-east-1",
  };
}

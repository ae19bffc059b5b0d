import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { createAwsClients } from "../../local/aws/clients.ts";
import { alternate, median } from "../alternate.ts";
import { atLeast, atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { startStandIns } from "../stage/stand-ins.ts";
import { uniquePrefix } from "../unique.ts";
import { type Contender, oneByOne, thisProject } from "./contenders.ts";
import type { Usage } from "./usage.ts";

const MANY = 100_000;
const FEW = 1_000;
const ONE_BY_ONE = 2_000;
const ROUNDS = 3;
const MIB = 2 ** 20;

/** What nothing else than the number of rows explains. All rows in memory would be several times it. */
const MEMORY_LIMIT = 1.5;

export const publish: Benchmark = {
  name: "publish",
  title: `a CSV of ${MANY.toLocaleString("en-US")} rows to a queue, from the start of the program to its end`,
  run,
};

/** Measures; each run is a process, and so is the queue. */
export async function run(): Promise<Findings> {
  const standIns = await startStandIns();
  const region = "us-east-1";
  const { sqs, destroy } = createAwsClients({ endpoint: standIns.awsEndpoint, region });
  const environment = {
    AWS_ENDPOINT_URL: standIns.awsEndpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  const directory = await mkdtemp(join(tmpdir(), "onboarding-bench-"));
  try {
    const files = new Map<number, string>();
    for (const rows of [MANY, FEW, ONE_BY_ONE]) {
      const file = join(directory, `${rows}.csv`);
      await writeFile(file, customers(rows));
      files.set(rows, file);
    }
    const turn = (contender: Contender, rows: number) => ({
      name: nameOf(contender, rows),
      run: () => runChecked(contender, files.get(rows) ?? "", rows, sqs, environment),
    });
    const measured = await alternate(
      [turn(thisProject, MANY), turn(oneByOne, ONE_BY_ONE), turn(thisProject, FEW)],
      { rounds: ROUNDS, warmUps: 0 },
    );
    return findings(measured);
  } finally {
    await rm(directory, { recursive: true });
    destroy();
    await standIns.stop();
  }
}

const nameOf = ({ name }: Contender, rows: number): string =>
  `${name}, ${rows.toLocaleString("en-US")} rows`;

/** Runs a contender on a queue of its own and counts what is in it. */
async function runChecked(
  contender: Contender,
  file: string,
  rows: number,
  sqs: SQSClient,
  environment: Readonly<Record<string, string>>,
): Promise<Usage> {
  const { QueueUrl: queueUrl = "" } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${uniquePrefix()}.fifo`,
      Attributes: {
        FifoQueue: "true",
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
      },
    }),
  );
  const usage = await contender.run(file, { queueUrl, environment });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  const arrived = Number(Attributes?.ApproximateNumberOfMessages);
  if (arrived !== rows) throw new Error(`${contender.name} sent ${arrived} of ${rows} events.`);
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
  return usage;
}

function findings(measured: ReadonlyMap<string, readonly Usage[]>): Findings {
  const figuresOf = (contender: Contender, rows: number) => {
    const name = nameOf(contender, rows);
    const usages = measured.get(name) ?? [];
    const perSecond = median(usages.map(({ milliseconds }) => rows / (milliseconds / 1000)));
    const peakMib = median(usages.map(({ peakBytes }) => peakBytes / MIB));
    return { name, perSecond, peakMib };
  };
  const many = figuresOf(thisProject, MANY);
  const few = figuresOf(thisProject, FEW);
  const single = figuresOf(oneByOne, ONE_BY_ONE);
  return {
    rows: [many, few, single].map(({ name, perSecond, peakMib }) => ({
      name,
      figures: {
        "events per second": Math.round(perSecond),
        "beside one at a time": perSecond / single.perSecond,
        "peak memory, MiB": Math.round(peakMib),
      },
    })),
    bars: [
      atLeast("rate beside one at a time", many.perSecond / single.perSecond, 8),
      atMost("peak memory beside 1,000 rows", many.peakMib / few.peakMib, MEMORY_LIMIT),
    ],
    notes: [
      "The rate counts everything: starting Node, checking the whole file, and sending it.",
      "On this machine a call to the queue is processor time of both sides; over a network it is waiting, and several calls at once gain more.",
    ],
  };
}

const customers = (rows: number): string =>
  [
    "organizationId,invitee,roles,inviterId,expiresIn,locale,link",
    ...Array.from(
      { length: rows },
      (_, index) =>
        `acme,person-${index}@example.com,member;admin,,P7D,en,https://app.example.com/join`,
    ),
  ].join("\n");

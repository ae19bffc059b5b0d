import { startContainer } from "../../local/aws/container.ts";
import { startEventSourceMapping } from "../../local/aws/event-source-mapping.ts";
import { send } from "../stage/queued.ts";
import { batchesOf } from "../stage/records.ts";
import type { Stage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";
import { EVENTS, type Way } from "./drain-once.ts";

const CONTAINERS = 2;
const BATCH = 10;

/** As deployed: a queue, and a function with two containers that takes batches of ten from it. */
export const drainThroughQueue =
  (handler: string): Way =>
  async (stage) => {
    let receives = 0;
    const containers = Array.from({ length: CONTAINERS }, () => {
      const container = startContainer({
        handler,
        environment: asDeployed(stage),
        timeoutSeconds: 45,
      });
      return {
        ...container,
        invoke: (payload: unknown) => {
          receives += recordsOf(payload);
          return container.invoke(payload);
        },
      };
    });
    await Promise.all(
      containers.map((container) => container.invoke({ Records: creates(stage, 1) })),
    );
    receives = 0;
    await send(creates(stage, EVENTS), stage);
    let stopMapping = async (): Promise<void> => {};
    return {
      start: () => {
        const warm = [...containers];
        const mapping = startEventSourceMapping({
          queue: stage.queue,
          sqs: stage.aws.sqs,
          batchSize: BATCH,
          maximumConcurrency: CONTAINERS,
          reportBatchItemFailures: true,
          createContainer: () => {
            const container = warm.pop();
            if (container === undefined) throw new Error("There are two containers.");
            return container;
          },
        });
        stopMapping = mapping.stop;
      },
      receives: () => receives,
      stop: async () => {
        await stopMapping();
        await Promise.all(containers.map(({ stop }) => stop()));
      },
    };
  };

/** A program that goes through a list of all invitations, once. */
export const drainBySequentialScript: Way = async (stage) => {
  const container = startContainer({
    handler: "bench/contenders/logto-api-script.handler",
    environment: asDeployed(stage),
    timeoutSeconds: 900,
  });
  await container.invoke({ Records: creates(stage, 1) });
  let ended: Promise<unknown> = Promise.resolve();
  return {
    start: () => {
      ended = container.invoke({ Records: creates(stage, EVENTS) });
    },
    stop: async () => {
      await ended;
      await container.stop();
    },
  };
};

/** The function's own settings of Logto's limits, and not those that lift them. */
function asDeployed({ environment }: Stage): Record<string, string> {
  const { LOGTO_REQUESTS_PER_SECOND, LOGTO_REQUEST_BURST, ...rest } = environment;
  return { ...rest, MAXIMUM_CONCURRENCY: String(CONTAINERS) };
}

const creates = ({ organizationId }: Stage, count: number) =>
  batchesOf(
    { organizationId, prefix: uniquePrefix(), groups: count, email: false },
    1,
    count,
  ).flat();

const recordsOf = (payload: unknown): number =>
  typeof payload === "object" &&
  payload !== null &&
  "Records" in payload &&
  Array.isArray(payload.Records)
    ? payload.Records.length
    : 0;

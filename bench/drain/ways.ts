import { startContainer } from "../../local/aws/container.ts";
import { send } from "../stage/queued.ts";
import { createRecords } from "../stage/records.ts";
import type { Stage } from "../stage/stage.ts";
import { startWorkers } from "../stage/workers.ts";
import { EVENTS, type Way } from "./drain-once.ts";

/** As deployed: a queue, and a function with two containers that takes batches of ten from it. */
export const drainThroughQueue =
  (handler: string): Way =>
  async (stage) => {
    const workers = startWorkers(handler, stage, LIMITS_OF_THE_FUNCTION);
    await workers.warmUp(() => ({ Records: createRecords(stage, 1, false) }));
    await send(createRecords(stage, EVENTS, false), stage);
    return workers;
  };

/** A program that goes through a list of all invitations, once. */
export const drainBySequentialScript: Way = async (stage: Stage) => {
  const container = startContainer({
    handler: "bench/contenders/logto-api-script.handler",
    environment: { ...stage.environment },
    timeoutSeconds: 900,
  });
  await container.invoke({ Records: createRecords(stage, 1, false) });
  let ended: Promise<unknown> = Promise.resolve();
  return {
    start: () => {
      ended = container.invoke({ Records: createRecords(stage, EVENTS, false) });
    },
    stop: async () => {
      await ended;
      await container.stop();
    },
  };
};

/** An empty setting counts as not set: the function's own defaults hold, which are those of Logto Cloud. */
const LIMITS_OF_THE_FUNCTION = { LOGTO_REQUESTS_PER_SECOND: "", LOGTO_REQUEST_BURST: "" };

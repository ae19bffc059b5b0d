import { setTimeout as wait } from "node:timers/promises";
import * as v from "valibot";
import { startContainer } from "../../local/aws/container.ts";
import { send } from "../stage/queued.ts";
import { createRecords } from "../stage/records.ts";
import type { Stage } from "../stage/stage.ts";
import { startWorkers } from "../stage/workers.ts";

/** How many invitations are created, each with an e-mail. */
export const EVENTS = 200;

/** Brings up what creates the invitations; it has its token already. */
export type Way = (stage: Stage) => Promise<{
  /** @returns how many creates failed. */
  readonly create: () => Promise<number>;
  readonly stop: () => Promise<void>;
}>;

const LOOK_EVERY_MS = 250;
const GIVE_UP_MS = 120_000;

/** As deployed. A create that failed is received again. */
export const throughWorkers: Way = async (stage) => {
  const workers = startWorkers("functions/invitations.handler", stage, {});
  await workers.warmUp(() => ({ Records: createRecords(stage, 1, false) }));
  await send(createRecords(stage, EVENTS, true), stage);
  return {
    create: async () => {
      const wanted = (await stage.invitations()) + EVENTS;
      const giveUpAt = performance.now() + GIVE_UP_MS;
      workers.start();
      while ((await stage.invitations()) < wanted && performance.now() < giveUpAt) {
        await wait(LOOK_EVERY_MS);
      }
      return workers.receives() - EVENTS;
    },
    stop: workers.stop,
  };
};

/** As a script does that was written to be fast. */
export const allAtOnce: Way = async (stage) => {
  const container = startContainer({
    handler: "bench/contenders/logto-api-all-at-once.handler",
    environment: { ...stage.environment },
    timeoutSeconds: 900,
  });
  await container.invoke({ Records: createRecords(stage, 1, false) });
  const records = createRecords(stage, EVENTS, true);
  return {
    create: async () => v.parse(settled, await container.invoke({ Records: records })).failures,
    stop: container.stop,
  };
};

const settled = v.object({ failures: v.number() });

import { startContainer } from "../../local/aws/container.ts";
import { startDelivery } from "./deliver.ts";
import type { Stage } from "./stage.ts";

/** A function that reads the stage's queue with two containers, as deployed; they are up but do not read yet. */
export type Workers = {
  /** Invokes each container once by hand, so that it is warm. */
  readonly warmUp: (payloadOf: () => unknown) => Promise<void>;
  /** Begins to work through the queue. */
  readonly start: () => void;
  /** How many messages were received since the start; one that came again counts again. */
  readonly receives: () => number;
  readonly stop: () => Promise<void>;
};

export const CONTAINERS = 2;

/** @param environment of the containers, over the stage's. */
export function startWorkers(
  handler: string,
  stage: Stage,
  environment: Readonly<Record<string, string>>,
): Workers {
  let receives = 0;
  const containers = Array.from({ length: CONTAINERS }, () =>
    startContainer({
      handler,
      environment: {
        ...stage.environment,
        MAXIMUM_CONCURRENCY: String(CONTAINERS),
        ...environment,
      },
      timeoutSeconds: 45,
    }),
  );
  const counted = containers.map((container) => ({
    ...container,
    invoke: (payload: unknown) => {
      receives += recordsOf(payload);
      return container.invoke(payload);
    },
  }));
  let stopDelivery = async (): Promise<void> => {};
  return {
    warmUp: async (payloadOf) => {
      await Promise.all(containers.map((container) => container.invoke(payloadOf())));
    },
    start: () => {
      stopDelivery = startDelivery(stage, counted);
    },
    receives: () => receives,
    stop: async () => {
      await stopDelivery();
      await Promise.all(containers.map(({ stop }) => stop()));
    },
  };
}

const recordsOf = (payload: unknown): number =>
  typeof payload === "object" &&
  payload !== null &&
  "Records" in payload &&
  Array.isArray(payload.Records)
    ? payload.Records.length
    : 0;

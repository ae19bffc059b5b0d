import { type Container, startContainer } from "../../local/aws/container.ts";
import { startDelivery } from "../stage/deliver.ts";
import { send } from "../stage/queued.ts";
import { createRecords } from "../stage/records.ts";
import type { Stage } from "../stage/stage.ts";

export const CONTAINERS = 2;

/** A function with warm containers, as deployed, that works off one backlog after the other. */
export type Crew = {
  readonly name: string;
  /**
   * Fills the queue with so many creates, and then lets the containers begin.
   *
   * @returns milliseconds from there until all are done and out of the queue.
   */
  readonly workOff: (events: number) => Promise<number>;
  readonly stop: () => Promise<void>;
};

export function startCrew(name: string, handler: string, stage: Stage): Crew {
  const environment = { ...stage.environment, MAXIMUM_CONCURRENCY: String(CONTAINERS) };
  const containers = Array.from({ length: CONTAINERS }, () =>
    startContainer({ handler, environment, timeoutSeconds: 45 }),
  );
  return {
    name,
    workOff: async (events) => {
      await send(createRecords(stage, events, false), stage);
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      let left = events;
      const free = containers.map((container) =>
        counting(container, (messages) => {
          left -= messages;
          if (left <= 0) resolve();
        }),
      );
      const startedAt = performance.now();
      const stop = startDelivery(stage, free);
      await answered;
      await stop();
      return performance.now() - startedAt;
    },
    stop: async () => {
      await Promise.all(containers.map(({ stop }) => stop()));
    },
  };
}

/** A container that tells how many messages it was given once it has answered, and is not stopped. */
const counting = (container: Container, tell: (messages: number) => void): Container => ({
  ...container,
  invoke: async (payload, options) => {
    const answer = await container.invoke(payload, options);
    tell(messagesIn(payload));
    return answer;
  },
  stop: async () => {},
});

const messagesIn = (payload: unknown): number =>
  typeof payload === "object" &&
  payload !== null &&
  "Records" in payload &&
  Array.isArray(payload.Records)
    ? payload.Records.length
    : 0;

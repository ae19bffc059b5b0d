import { setTimeout as wait } from "node:timers/promises";
import { openStage, type Stage } from "../stage/stage.ts";

export const EVENTS = 600;

/** Logto Cloud's limit for a tenant. */
export const REQUESTS = 200;
export const PER_MS = 10_000;

/** Brings the containers up, has each make one invitation, and gives what starts the work itself. */
export type Way = (stage: Stage) => Promise<Prepared>;

export type Prepared = {
  readonly start: () => void;
  /** How often messages were received; `undefined` without a queue. */
  readonly receives?: () => number;
  readonly stop: () => Promise<void>;
};

export type Drained = {
  /** Until Logto held all invitations. */
  readonly seconds: number;
  /** Requests that Logto answered with 429. */
  readonly refused: number;
  readonly receives?: number;
  /** Invitations made by second. */
  readonly progress: readonly (readonly [seconds: number, made: number])[];
};

/** What a real Logto takes for one create, one at a time: 130 in a second. */
const CREATE_MS = 7;

/** SQS's default; a batch takes far less. */
const VISIBILITY_TIMEOUT_SECONDS = 30;

const LOOK_EVERY_MS = 100;
const GIVE_UP_SECONDS = 150;

/**
 * Lets one contender work through all creates.
 *
 * @throws Error when invitations are missing after two and a half minutes.
 */
export async function drainOnce(name: string, way: Way): Promise<Drained> {
  const stage = await openStage(
    {
      requestLimit: { requests: REQUESTS, perMs: PER_MS },
      faults: [
        {
          on: "POST /api/organization-invitations",
          action: { kind: "delay", beforeMs: CREATE_MS },
        },
      ],
    },
    { visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS },
  );
  try {
    const prepared = await way(stage);
    try {
      // What the preparation took of the limit is free again, by Logto's count and the containers' own.
      await wait(PER_MS * 1.1);
      const { receives, ...drained } = await follow(name, stage, prepared.start);
      return {
        ...drained,
        ...(prepared.receives === undefined ? {} : { receives: prepared.receives() }),
      };
    } finally {
      await prepared.stop();
    }
  } finally {
    await stage.stop();
  }
}

async function follow(name: string, stage: Stage, start: () => void): Promise<Drained> {
  await stage.standIns.reset();
  const before = await stage.invitations();
  const progress: [number, number][] = [[0, 0]];
  const startedAt = performance.now();
  start();
  for (;;) {
    const { invitations, statuses } = await stage.standIns.counts();
    const seconds = (performance.now() - startedAt) / 1000;
    const made = invitations - before;
    progress.push([seconds, made]);
    if (made === EVENTS) return { seconds, refused: statuses["429"] ?? 0, progress };
    if (made > EVENTS || seconds > GIVE_UP_SECONDS) {
      throw new Error(`${name} made ${made} of ${EVENTS} invitations in ${seconds.toFixed(0)} s.`);
    }
    await wait(LOOK_EVERY_MS);
  }
}

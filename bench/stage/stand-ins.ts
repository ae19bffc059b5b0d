import { fork } from "node:child_process";
import { once } from "node:events";
import * as v from "valibot";
import type { Seed } from "../../local/logto/seed.ts";
import {
  answerSchema,
  type Counts,
  countsSchema,
  type StandInRequest,
  type StandInSettings,
  type Started,
  startedSchema,
} from "./stand-ins-protocol.ts";

export type StandIns = Started & {
  readonly counts: () => Promise<Counts>;
  /** Begins to count requests anew. */
  readonly reset: () => Promise<void>;
  readonly seed: (seed: Seed) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts the stand-ins for Logto and AWS, both in one process that is not the caller's. */
export async function startStandIns(settings: StandInSettings = {}): Promise<StandIns> {
  const child = fork(new URL("./stand-ins-process.ts", import.meta.url), { execArgv: [] });
  const waiting = new Map<number, (answer: v.InferOutput<typeof answerSchema>) => void>();
  child.on("message", (message) => {
    const answer = v.parse(answerSchema, message);
    waiting.get(answer.id)?.(answer);
  });
  child.once("close", (code) => {
    const error = `The stand-ins' process ended with ${code}.`;
    for (const [id, settle] of waiting) settle({ id, error });
  });
  let lastId = 0;
  const ask = async (request: WithoutId): Promise<unknown> => {
    lastId += 1;
    const id = lastId;
    const { promise, resolve } = Promise.withResolvers<v.InferOutput<typeof answerSchema>>();
    waiting.set(id, resolve);
    child.send({ ...request, id });
    const { answer, error } = await promise;
    waiting.delete(id);
    if (error !== undefined) throw new Error(error);
    return answer;
  };
  const started = v.parse(startedSchema, await ask({ ask: "start", settings }));
  return {
    ...started,
    counts: async () => v.parse(countsSchema, await ask({ ask: "counts" })),
    reset: async () => {
      await ask({ ask: "reset" });
    },
    seed: async (seed) => {
      await ask({ ask: "seed", seed });
    },
    stop: async () => {
      const closed = once(child, "close");
      child.kill();
      await closed;
    },
  };
}

type WithoutId = StandInRequest extends infer Request
  ? Request extends { readonly id: number }
    ? Omit<Request, "id">
    : never
  : never;

import {
  type LogtoStandIn,
  type LogtoStandInOptions,
  startLogtoStandIn,
} from "../../local/logto/server.ts";
import { createCleanUps } from "./clean-ups.ts";
import { createFactories } from "./factories.ts";
import type { Context } from "./harness.ts";
import { createHttp } from "./http.ts";

/** A behaviour that shows only where its cause can be arranged: seen on a real Logto, kept up by the stand-in. */
export type ControlledCase = {
  name: string;
  /** What has to be arranged. */
  needs: string;
  options?: LogtoStandInOptions;
  run(logto: Context, standIn: LogtoStandIn, clock: Clock): Promise<void>;
};

export type Clock = { advance(ms: number): void };

/** Runs a case against a stand-in of its own, whose clock stands still unless it is moved. */
export async function runControlled({ options, run }: ControlledCase): Promise<void> {
  let nowMs = Date.now();
  const standIn = await startLogtoStandIn({ emailDelayMs: 0, now: () => nowMs, ...options });
  try {
    const target = {
      endpoint: standIn.endpoint,
      appId: standIn.app.id,
      appSecret: standIn.app.secret,
      resource: standIn.resource,
      requestsPerSecond: Number.POSITIVE_INFINITY,
    };
    const http = createHttp(target);
    const cleanUps = createCleanUps(async () => 204); // The stand-in is thrown away as a whole.
    const clock: Clock = {
      advance(ms) {
        nowMs += ms;
      },
    };
    await run({ ...http, ...createFactories(http, cleanUps), target }, standIn, clock);
  } finally {
    await standIn.stop();
  }
}

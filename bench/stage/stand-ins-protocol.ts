import * as v from "valibot";
import type { Fault } from "../../local/logto/faults.ts";
import type { Seed } from "../../local/logto/seed.ts";
import type { LogtoStandInOptions } from "../../local/logto/server.ts";

/** What goes between a benchmark and the process of its stand-ins. */

/** As `startLogtoStandIn` takes them, without what is no data. */
export type StandInSettings = Omit<LogtoStandInOptions, "now" | "emailDelayMs"> & {
  readonly emailDelayMs?: number;
  readonly seed?: Seed;
  readonly faults?: readonly (Omit<Fault, "on" | "chance"> & { readonly on: string })[];
};

export type StandInRequest =
  | { readonly id: number; readonly ask: "start"; readonly settings: StandInSettings }
  | { readonly id: number; readonly ask: "seed"; readonly seed: Seed }
  | { readonly id: number; readonly ask: "counts" | "reset" };

export const startedSchema = v.object({
  awsEndpoint: v.string(),
  credentials: v.object({
    endpoint: v.string(),
    appId: v.string(),
    appSecret: v.string(),
    resource: v.string(),
    hashKey: v.string(),
  }),
});

export type Started = v.InferOutput<typeof startedSchema>;

export const countsSchema = v.object({
  /** Requests since the last reset, by operation. */
  calls: v.record(v.string(), v.number()),
  /** The same by status. */
  statuses: v.record(v.string(), v.number()),
  /** Reads of the secret since the start. */
  secretReads: v.number(),
  /** Invitations that Logto holds, and e-mails it sent, since the start. */
  invitations: v.number(),
  emails: v.number(),
});

export type Counts = v.InferOutput<typeof countsSchema>;

export const answerSchema = v.object({
  id: v.number(),
  answer: v.optional(v.unknown()),
  error: v.optional(v.string()),
});
